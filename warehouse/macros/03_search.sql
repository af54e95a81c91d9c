-- One row: one article that holds all words of the query, best first: FROM report.search('dam inquiry', most := 50).
-- Ranked by BM25 with its usual k1 = 1.2 and b = 0.75; a word of the headline counts double. A word that more than
-- half of all articles use tells nothing and is left out, unless the query has no other. Read by `wirehouse search`.
CREATE OR REPLACE MACRO report.search(query, since := NULL, outlet_name := NULL, most := 20) AS TABLE
WITH wanted AS (
    SELECT DISTINCT core.search_term(word) AS term
    FROM (SELECT unnest(core.search_words(query)) AS word)
),
whole AS (
    SELECT count(*) AS articles, avg(length) AS mean_length
    FROM core.search_documents
),
hits AS MATERIALIZED (
    SELECT p.term, p.doc, p.uses
    FROM core.search_postings AS p
    JOIN wanted AS w ON w.term = p.term
),
found AS (
    SELECT w.term, count(h.doc) AS articles
    FROM wanted AS w
    LEFT JOIN hits AS h ON h.term = w.term
    GROUP BY w.term
),
telling AS (
    SELECT f.term, ln(1 + greatest(w.articles - f.articles + 0.5, 0.5) / (f.articles + 0.5)) AS weight
    FROM found AS f, whole AS w
    WHERE f.articles <= w.articles / 2 OR NOT EXISTS (FROM found AS g WHERE g.articles <= w.articles / 2)
),
scored AS (
    SELECT p.doc, count(*) AS words, sum(t.weight * 2.2 * p.uses / (p.uses + 1.2 * (0.25 + 0.75 * d.length / w.mean_length))) AS score
    FROM hits AS p
    JOIN telling AS t ON t.term = p.term
    JOIN core.search_documents AS d ON d.doc = p.doc
    CROSS JOIN whole AS w
    WHERE (since IS NULL OR d.published_at >= CAST(since AS TIMESTAMPTZ))
        AND (outlet_name IS NULL OR d.outlet = outlet_name)
    GROUP BY p.doc
),
best AS (
    SELECT doc, score
    FROM scored
    WHERE words = (SELECT count(*) FROM telling)
    QUALIFY row_number() OVER (ORDER BY score DESC, doc) <= most
)
SELECT d.article_id, round(b.score, 3) AS score, d.outlet, d.published_at, d.title
FROM best AS b
JOIN core.search_documents AS d ON d.doc = b.doc
ORDER BY b.score DESC, d.article_id;
