-- One row: one article whose words have changed, or that is gone, since the duplicate finder took it in.
-- Read by: tasks/placing.py
SELECT d.article_id
FROM core.fingerprint_documents AS d
LEFT JOIN core.articles AS a ON a.article_id = d.article_id
WHERE core.wording(a.content_hash) IS DISTINCT FROM d.wording
ORDER BY d.article_id;
