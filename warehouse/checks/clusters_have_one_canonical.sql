-- severity: fail
-- what: Every story has exactly one canonical article.
SELECT cluster_id, count(*) AS articles, count(*) FILTER (WHERE is_canonical) AS canonical
FROM core.clusters
GROUP BY cluster_id
HAVING count(*) FILTER (WHERE is_canonical) <> 1;
