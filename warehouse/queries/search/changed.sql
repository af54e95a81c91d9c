-- One row: one article in the index that is gone or changed since. Read by: warehouse/search.py
SELECT d.doc
FROM core.search_documents AS d
LEFT JOIN core.articles AS a ON a.article_id = d.article_id
WHERE a.article_id IS NULL
    OR a.content_hash <> d.content_hash
    OR a.title IS DISTINCT FROM d.title
    OR a.outlet <> d.outlet
    OR a.published_at IS DISTINCT FROM d.published_at;
