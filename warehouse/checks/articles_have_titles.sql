-- severity: warn
-- what: Every article has a headline.
SELECT article_id, url
FROM core.articles
WHERE title IS NULL OR trim(title) = '';
