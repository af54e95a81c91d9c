-- severity: warn
-- what: No article was published more than a day after it was first seen.
SELECT article_id, published_at, first_seen_at, url
FROM core.articles
WHERE published_at > first_seen_at + INTERVAL 1 DAY;
