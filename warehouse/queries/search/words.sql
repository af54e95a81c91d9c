-- One row: one word of one article of the batch `due_articles`, with its uses; those in the headline count double.
-- Texts are fetched by row number, so that the others stay packed; each different word is turned into a number once.
-- Read by: warehouse/search.py
CREATE OR REPLACE TEMP TABLE search_words AS
WITH counted AS MATERIALIZED (
    SELECT article_id, word, least(count(*), 255) AS uses
    FROM (
        SELECT a.article_id, unnest(core.search_words(concat_ws(' ', a.title, a.title, a.text))) AS word
        FROM core.articles AS a
        WHERE a.rowid IN (SELECT c.rowid FROM core.articles AS c JOIN due_articles AS b ON b.article_id = c.article_id)
    )
    GROUP BY article_id, word
),
terms AS (
    SELECT word, core.search_term(word) AS term
    FROM (SELECT DISTINCT word FROM counted)
)
SELECT b.doc, t.term, CAST(c.uses AS UTINYINT) AS uses
FROM counted AS c
JOIN terms AS t ON t.word = c.word
JOIN due_articles AS b ON b.article_id = c.article_id;
