-- One row: one article whose words have changed since the duplicate finder took it in, or that shares a story with one.
-- Read by: tasks/cluster.py
WITH changed AS (
    SELECT DISTINCT d.story
    FROM core.fingerprint_documents AS d
    LEFT JOIN core.articles AS a ON a.article_id = d.article_id
    WHERE a.content_hash IS DISTINCT FROM d.content_hash
)
SELECT d.article_id FROM core.fingerprint_documents AS d SEMI JOIN changed AS c ON c.story = d.story;
