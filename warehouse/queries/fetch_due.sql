-- One row: one URL that should be asked for now: never asked, and no other address of its article was; or asked before
-- and due again. Newest first within a source, since news is worth most when fresh.
-- Read by: tasks/fetch.py
WITH known AS (
    SELECT DISTINCT c.article_id
    FROM raw.candidates AS c
    JOIN ops.url_state AS u ON u.url = c.url
)
SELECT
    c.url,
    c.source_name,
    c.article_id,
    c.published_at,
    coalesce(u.attempts, 0) AS attempts,
    u.etag,
    u.last_modified,
    u.body_digest
FROM raw.candidates AS c
JOIN sources AS s ON s.source_name = c.source_name
LEFT JOIN ops.url_state AS u ON u.url = c.url
LEFT JOIN known AS k ON k.article_id = c.article_id
WHERE (u.url IS NULL AND k.article_id IS NULL) OR u.next_attempt_at <= $now
QUALIFY row_number() OVER (PARTITION BY c.article_id ORDER BY u.url IS NULL, c.first_seen_at, c.source_name, c.url) = 1
ORDER BY c.source_name, c.published_at DESC NULLS LAST, c.url;
