-- One row: one outlet on one of the last 31 days that have articles.
-- Read by: tasks/reports.py
SELECT day, outlet, articles, copies
FROM report.coverage
WHERE day IN (SELECT DISTINCT day FROM report.coverage ORDER BY day DESC LIMIT 31)
ORDER BY day, outlet;
