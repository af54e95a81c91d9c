-- Take out the articles that are gone or changed since they were indexed. Read by: warehouse/search.py
DELETE FROM core.search_documents AS d
WHERE NOT EXISTS (
    FROM core.articles AS a
    WHERE a.article_id = d.article_id
        AND a.content_hash = d.content_hash
        AND a.title IS NOT DISTINCT FROM d.title
        AND a.outlet = d.outlet
        AND a.published_at IS NOT DISTINCT FROM d.published_at
);
