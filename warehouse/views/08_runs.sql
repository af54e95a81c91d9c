-- One row: one run, newest first. Read by `wirehouse status` and the report.
CREATE OR REPLACE VIEW report.runs AS
WITH counted AS (
    SELECT
        run_id,
        count(*) AS urls,
        count(*) FILTER (WHERE outcome = 'reject') AS rejects,
        count(*) FILTER (WHERE outcome = 'failure') AS failures,
        count(*) FILTER (WHERE outcome = 'skipped') AS skipped
    FROM ops.outcomes
    GROUP BY run_id
),
checked AS (
    SELECT run_id, count(*) FILTER (WHERE severity = 'fail' AND failing > 0) AS failed_checks
    FROM ops.checks
    GROUP BY run_id
)
SELECT
    r.run_id,
    r.flow,
    r.started_at,
    r.ended_at,
    r.state,
    r.headline,
    r.sources,
    r.candidates,
    r.fetched,
    r.articles_new,
    r.articles_changed,
    r.copies,
    coalesce(c.urls, 0) AS urls,
    coalesce(c.rejects, 0) AS rejects,
    coalesce(c.failures, 0) AS failures,
    coalesce(c.skipped, 0) AS skipped,
    coalesce(k.failed_checks, 0) AS failed_checks,
    r.seconds,
    r.peak_memory_mb
FROM ops.runs AS r
LEFT JOIN counted AS c ON c.run_id = r.run_id
LEFT JOIN checked AS k ON k.run_id = r.run_id
ORDER BY r.started_at DESC, r.run_id;
