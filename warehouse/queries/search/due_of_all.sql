-- One row: one article that the index does not hold as it is now. `outdated` is the number under which the index holds
-- it, null when it does not; `article_id` is null when the article is gone. Read by: warehouse/search.py
SELECT d.doc AS outdated, a.article_id
FROM core.articles AS a
FULL JOIN core.search_documents AS d ON d.article_id = a.article_id
WHERE a.content_hash IS DISTINCT FROM d.content_hash
    OR a.title IS DISTINCT FROM d.title
    OR a.outlet IS DISTINCT FROM d.outlet
    OR a.published_at IS DISTINCT FROM d.published_at;
