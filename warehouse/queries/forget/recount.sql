-- Let the runs say of their articles what the outcomes say that are left. Read by: warehouse/forget.py
UPDATE ops.runs AS r
SET articles_new = c.articles_new, articles_changed = c.articles_changed
FROM (
    SELECT
        r.run_id,
        count(*) FILTER (WHERE o.outcome = 'article_new') AS articles_new,
        count(*) FILTER (WHERE o.outcome = 'article_changed') AS articles_changed
    FROM ops.runs AS r
    JOIN ops.outcomes AS o ON o.run_id = r.run_id
    GROUP BY r.run_id
) AS c
WHERE c.run_id = r.run_id
    AND r.ended_at IS NOT NULL
    AND (r.articles_new <> c.articles_new OR r.articles_changed <> c.articles_changed);
