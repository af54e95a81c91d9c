-- One row: one outlet whose stories another outlet carried in the same words.
-- Read by: tasks/reports.py
SELECT from_outlet, to_outlet, stories, median_lag_minutes
FROM report.copying
ORDER BY stories DESC, from_outlet, to_outlet;
