-- severity: fail
-- what: Every member of a story is an article.
SELECT c.article_id, c.cluster_id
FROM core.clusters AS c
ANTI JOIN core.articles AS a ON a.article_id = c.article_id;
