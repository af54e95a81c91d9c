-- One row: one article that has no place in a story yet.
-- Read by: tasks/cluster.py
SELECT a.article_id FROM core.articles AS a ANTI JOIN core.clusters AS c ON c.article_id = a.article_id;
