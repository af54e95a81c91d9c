-- One row: one word of one article of the batch `due_articles`, with its uses; those in the headline count double.
-- Read by: warehouse/search.py
CREATE OR REPLACE TEMP TABLE search_words AS
SELECT doc, core.search_term(word) AS term, CAST(least(count(*), 255) AS UTINYINT) AS uses
FROM (
    SELECT
        b.doc,
        unnest(core.search_words(concat_ws(' ', a.title, a.title, a.text))) AS word
    FROM core.articles AS a
    JOIN due_articles AS b ON b.article_id = a.article_id
)
GROUP BY doc, word;
