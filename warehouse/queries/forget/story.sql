-- One row: one article that shares a story with one to be erased, and is not to be erased itself.
-- Read by: warehouse/forget.py
SELECT DISTINCT c.article_id
FROM core.clusters AS c
WHERE c.cluster_id IN (SELECT cluster_id FROM core.clusters WHERE article_id IN (SELECT article_id FROM doomed))
    AND c.article_id NOT IN (SELECT article_id FROM doomed);
