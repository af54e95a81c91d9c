-- severity: warn
-- what: Every article has a date of publication.
SELECT article_id, url
FROM core.articles
WHERE published_at IS NULL;
