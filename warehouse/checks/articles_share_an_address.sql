-- severity: warn
-- what: No two articles were found at one address.
SELECT canonical_url, count(*) AS articles
FROM core.articles
GROUP BY canonical_url
HAVING count(*) > 1;
