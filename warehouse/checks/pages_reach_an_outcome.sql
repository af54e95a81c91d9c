-- severity: warn
-- what: Every page of a run that ended has its outcome.
SELECT p.run_id, p.page_id, p.url
FROM raw.pages AS p
JOIN ops.runs AS r ON r.run_id = p.run_id AND r.ended_at IS NOT NULL
ANTI JOIN ops.outcomes AS o ON o.page_id = p.page_id
WHERE p.purpose = 'page';
