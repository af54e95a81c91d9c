-- One row: one address on a host (or a host below it) that is known from anywhere: links, requests, stored pages.
-- Read by: tasks/forgetting.py
WITH known AS (
    SELECT url FROM raw.candidates
    UNION
    SELECT url FROM raw.fetches
    UNION
    SELECT asked_url FROM raw.fetches
    UNION
    SELECT url FROM raw.pages
    UNION
    SELECT final_url FROM raw.pages
    UNION
    SELECT url FROM ops.outcomes
)
SELECT url
FROM known
WHERE regexp_extract(url, '^[a-z]+://([^/:?#]+)', 1) = lower($host)
    OR ends_with(regexp_extract(url, '^[a-z]+://([^/:?#]+)', 1), '.' || lower($host));
