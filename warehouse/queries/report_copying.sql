-- One row: one outlet whose stories another outlet carried; the thirty strongest ties.
-- Read by: tasks/reports.py
SELECT from_outlet, to_outlet, stories, median_lag_minutes FROM report.copying ORDER BY stories DESC, 1, 2 LIMIT 30;
