-- One row: one source and how it is doing.
-- Read by: tasks/reports.py
SELECT source, state, last_success_at, last_new_at, fetched, articles, failures
FROM report.sources
ORDER BY source;
