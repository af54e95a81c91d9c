-- One row: one source and its health.
-- Read by: tasks/reports.py
SELECT source, state, last_success_at, last_new_at, fetched, articles, failures FROM report.sources;
