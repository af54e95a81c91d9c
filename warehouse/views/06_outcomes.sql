-- One row: one outcome and reason of one run, with how many URLs it befell. Read by `wirehouse status` and the report.
CREATE OR REPLACE VIEW report.outcomes AS
SELECT
    o.run_id,
    r.started_at AS run_started_at,
    o.outcome,
    o.reason,
    count(*) AS n,
    any_value(o.url) AS example_url
FROM ops.outcomes AS o
LEFT JOIN ops.runs AS r ON r.run_id = o.run_id
GROUP BY ALL
ORDER BY run_started_at DESC, n DESC, o.outcome, o.reason;
