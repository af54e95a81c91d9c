-- One row: one outlet on one of the last thirty days that have articles.
-- Read by: tasks/reports.py, tasks/publish.py
SELECT day, outlet, articles, copies
FROM report.coverage
WHERE day IN (SELECT day FROM report.coverage GROUP BY day ORDER BY day DESC LIMIT 30)
ORDER BY day, outlet;
