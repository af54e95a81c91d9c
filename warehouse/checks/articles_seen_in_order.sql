-- severity: fail
-- what: No article was last seen before it was first seen.
SELECT article_id, first_seen_at, last_seen_at
FROM core.articles
WHERE last_seen_at < first_seen_at;
