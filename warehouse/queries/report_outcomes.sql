-- One row: one outcome and reason of the latest run that touched a URL.
-- Read by: tasks/reports.py
SELECT outcome, reason, n
FROM report.outcomes
WHERE run_id = (SELECT run_id FROM report.outcomes ORDER BY run_started_at DESC, run_id LIMIT 1)
ORDER BY outcome, n DESC, reason;
