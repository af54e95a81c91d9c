-- severity: fail
-- what: Every article with versions has exactly one that is current.
SELECT article_id, count(*) FILTER (WHERE valid_to IS NULL) AS current
FROM core.article_versions
GROUP BY article_id
HAVING count(*) FILTER (WHERE valid_to IS NULL) <> 1;
