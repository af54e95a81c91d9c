-- One row: one article landed since the last time that the index does not hold as it is now; columns as in due_of_all.
-- The few rows are fetched by their row numbers: a join would read every column of nearly all rows (29 against 78 ms of
-- CPU for 1,000 of 670,000). Read by: warehouse/search.py
WITH stored AS (
    SELECT *
    FROM core.articles
    WHERE rowid IN (SELECT a.rowid FROM core.articles AS a SEMI JOIN core.search_due USING (article_id))
),
known AS (
    SELECT *
    FROM core.search_documents
    WHERE rowid IN (SELECT d.rowid FROM core.search_documents AS d SEMI JOIN core.search_due USING (article_id))
)
SELECT d.doc AS outdated, a.article_id
FROM stored AS a
FULL JOIN known AS d ON d.article_id = a.article_id
WHERE a.content_hash IS DISTINCT FROM d.content_hash
    OR a.title IS DISTINCT FROM d.title
    OR a.outlet IS DISTINCT FROM d.outlet
    OR a.published_at IS DISTINCT FROM d.published_at;
