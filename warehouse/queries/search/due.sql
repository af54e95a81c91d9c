-- One row: one article that is not in the index yet, with the number that it gets: above every number that a posting
-- still bears, or words of an article that is gone would become the new one's. Read by: warehouse/search.py
WITH last AS (
    SELECT greatest(
        (SELECT coalesce(max(doc), 0) FROM core.search_documents), (SELECT coalesce(max(doc), 0) FROM core.search_postings)
    ) AS doc
)
SELECT
    CAST(l.doc + row_number() OVER (ORDER BY a.article_id) AS UINTEGER) AS doc,
    a.article_id
FROM core.articles AS a
CROSS JOIN last AS l
ANTI JOIN core.search_documents AS d ON d.article_id = a.article_id;
