-- One row: one of the erased addresses with which another address begins that stays, so that a search for it proves
-- nothing. Read by: tasks/forgetting.py
WITH kept AS (
    SELECT url FROM raw.candidates
    UNION
    SELECT url FROM raw.pages
    UNION
    SELECT final_url FROM raw.pages
    UNION
    SELECT canonical_url FROM core.articles
    UNION
    SELECT location FROM ops.source_state
    UNION
    SELECT origin FROM raw.robots
)
SELECT DISTINCT u.url
FROM urls AS u
JOIN kept AS k ON starts_with(k.url, u.url);
