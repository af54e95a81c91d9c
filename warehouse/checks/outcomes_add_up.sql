-- severity: fail
-- what: A run that ended says of its articles what their outcomes say.
WITH counted AS (
    SELECT
        run_id,
        count(*) FILTER (WHERE outcome = 'article_new') AS articles_new,
        count(*) FILTER (WHERE outcome = 'article_changed') AS articles_changed
    FROM ops.outcomes
    GROUP BY run_id
)
SELECT r.run_id, r.articles_new, c.articles_new AS counted_new, r.articles_changed, c.articles_changed AS counted_changed
FROM ops.runs AS r
JOIN counted AS c ON c.run_id = r.run_id
WHERE r.ended_at IS NOT NULL
    AND (r.articles_new <> c.articles_new OR r.articles_changed <> c.articles_changed);
