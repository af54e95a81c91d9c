-- One row: one site with enough new pages to learn a template from.
-- Read by: tasks/learn.py
WITH in_force AS (
    SELECT site, max(learned_at) AS learned_at, max(page_count) AS page_count
    FROM core.templates
    WHERE retired_at IS NULL
    GROUP BY site
)
SELECT p.site
FROM raw.pages AS p
JOIN ops.runs AS r ON r.run_id = p.run_id
LEFT JOIN in_force AS t ON t.site = p.site
WHERE p.purpose = 'page' AND p.status = 200 AND (t.site IS NULL OR r.started_at > t.learned_at)
GROUP BY p.site
HAVING count(DISTINCT p.url) >= greatest($least, coalesce(max(t.page_count) / 2, 0))
ORDER BY p.site;
