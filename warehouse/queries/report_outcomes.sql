-- One row: one outcome and reason of the latest run.
-- Read by: tasks/reports.py
SELECT outcome, reason, n
FROM report.outcomes
WHERE run_id = (SELECT run_id FROM ops.runs WHERE flow = 'ingest' AND ended_at IS NOT NULL ORDER BY started_at DESC LIMIT 1)
ORDER BY n DESC, outcome, reason;
