-- One row: one of the last ten runs.
-- Read by: flows/cli/status.py
SELECT
    strftime(started_at, '%Y-%m-%d %H:%M') AS started,
    state,
    headline,
    round(seconds, 1) AS seconds,
    run_id
FROM ops.runs
ORDER BY started_at DESC
LIMIT 10;
