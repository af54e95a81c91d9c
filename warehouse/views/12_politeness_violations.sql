-- One row: one request that was less polite than promised; must be empty. Read by the operator and by the checks.
-- `too_soon`: it began sooner after the host's previous request than the interval in force. `disallowed`: robots.txt
-- said no and it was sent all the same. A millisecond is granted to the clock.
CREATE OR REPLACE VIEW report.politeness_violations AS
WITH gaps AS (
    SELECT
        *,
        date_diff('microsecond', lag(started_at) OVER requests, started_at) / 1000.0 AS gap_ms
    FROM raw.fetches
    WHERE status IS NOT NULL OR remote_address IS NOT NULL
    WINDOW requests AS (PARTITION BY host ORDER BY started_at, fetch_id)
)
SELECT
    CASE WHEN robots = 'disallow' THEN 'disallowed' ELSE 'too_soon' END AS violation,
    host,
    url,
    started_at,
    gap_ms,
    interval_ms,
    robots,
    purpose,
    run_id,
    fetch_id
FROM gaps
WHERE robots = 'disallow' OR gap_ms < interval_ms - 1
ORDER BY started_at DESC;
