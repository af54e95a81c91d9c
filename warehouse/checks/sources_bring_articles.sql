-- severity: warn
-- what: No source that used to bring articles has brought only rejects in its last run.
WITH last_runs AS (
    SELECT source_name, arg_max(run_id, "at") AS run_id
    FROM ops.outcomes
    WHERE outcome IN ('article_new', 'article_changed', 'reject')
    GROUP BY source_name
)
SELECT o.source_name, count(*) AS rejects, mode(o.reason) AS reason
FROM ops.outcomes AS o
JOIN last_runs AS l ON l.source_name = o.source_name AND l.run_id = o.run_id
SEMI JOIN core.articles AS a ON a.source_name = o.source_name
WHERE o.outcome IN ('article_new', 'article_changed', 'reject')
GROUP BY o.source_name
HAVING count(*) >= 5 AND count(*) FILTER (WHERE o.outcome = 'reject') = count(*);
