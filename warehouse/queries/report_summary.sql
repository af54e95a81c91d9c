-- One row: one fact of a run (the latest when `run_id` is null) as key and value.
-- Read by: tasks/reports.py
WITH run AS (
    SELECT * FROM ops.runs
    WHERE flow = 'ingest' AND ended_at IS NOT NULL AND run_id = coalesce($run_id, run_id)
    ORDER BY started_at DESC
    LIMIT 1
)
UNPIVOT (
    SELECT
        headline,
        state,
        run_id,
        CAST(started_at AS VARCHAR) AS started_at,
        CAST(sources AS VARCHAR) AS sources,
        CAST(candidates AS VARCHAR) AS candidates,
        CAST(fetched AS VARCHAR) AS fetched,
        CAST(articles_new AS VARCHAR) AS articles_new,
        CAST(articles_changed AS VARCHAR) AS articles_changed,
        CAST(copies AS VARCHAR) AS copies,
        CAST(round(seconds, 1) AS VARCHAR) AS seconds,
        CAST(peak_memory_mb AS VARCHAR) AS peak_memory_mb
    FROM run
) ON COLUMNS(*) INTO NAME key VALUE value;
