-- One row: one fact of a run, by default of the latest one.
-- Read by: tasks/reports.py
WITH mine AS (
    SELECT *
    FROM report.runs
    WHERE $run_id IS NULL OR run_id = $run_id
    ORDER BY started_at DESC, run_id
    LIMIT 1
),
worded AS (
    SELECT
        headline,
        state,
        run_id,
        strftime(started_at, '%Y-%m-%d %H:%M:%S') AS started_at_utc,
        strftime(ended_at, '%Y-%m-%d %H:%M:%S') AS ended_at_utc,
        CAST(COLUMNS([
            'sources', 'candidates', 'fetched', 'articles_new', 'articles_changed', 'copies', 'rejects', 'failures',
            'skipped', 'failed_checks'
        ]) AS VARCHAR),
        CAST(round(seconds, 1) AS VARCHAR) AS seconds,
        CAST(round(peak_memory_mb) AS VARCHAR) AS peak_memory_mb
    FROM mine
)
UNPIVOT worded ON COLUMNS(*) INTO NAME key VALUE value;
