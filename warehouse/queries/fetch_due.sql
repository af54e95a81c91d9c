-- One row: one URL that should be asked for now: never asked, and no other address of its article was; or asked before
-- and due again, or asked at a time that is yet to come, because the clock was ahead then. Newest first within a source,
-- since news is worth most when fresh.
-- Read by: tasks/fetch.py
WITH known AS (
    SELECT DISTINCT c.article_id
    FROM raw.candidates AS c
    JOIN ops.url_state AS u ON u.url = c.url
),
changed AS (
    SELECT article_id, count(*) - 1 AS changes FROM core.article_versions GROUP BY article_id
)
SELECT
    c.url,
    c.source_name,
    c.article_id,
    coalesce(a.published_at, c.published_at, c.first_seen_at) AS published_at,
    coalesce(v.changes, 0) AS changes,
    coalesce(u.attempts, 0) AS attempts,
    u.etag,
    u.last_modified,
    u.body_digest
FROM raw.candidates AS c
JOIN sources AS s ON s.source_name = c.source_name
LEFT JOIN ops.url_state AS u ON u.url = c.url
LEFT JOIN core.articles AS a ON a.article_id = c.article_id
LEFT JOIN changed AS v ON v.article_id = c.article_id
LEFT JOIN known AS k ON k.article_id = c.article_id
WHERE (u.url IS NULL AND k.article_id IS NULL)
    OR u.next_attempt_at <= $now
    OR (u.next_attempt_at IS NOT NULL AND u.last_attempt_at > $now + INTERVAL 1 HOUR)
QUALIFY row_number() OVER (PARTITION BY c.article_id ORDER BY u.url IS NULL, c.first_seen_at, c.source_name, c.url) = 1
ORDER BY c.source_name, published_at DESC, c.url;
