-- One row: one outlet on one day (UTC): how much it wrote itself. Read by the report.
-- Every article is exactly one of: `wire` (an agency is named), else `copied` (its origin is another outlet's), else
-- `own`. A second use of an outlet's own words stays its own.
CREATE OR REPLACE VIEW report.own_share AS
WITH origins AS (
    SELECT cluster_id, any_value(outlet) AS outlet
    FROM report.articles
    WHERE cluster_size > 1 AND NOT is_copy
    GROUP BY cluster_id
),
judged AS (
    SELECT
        a.outlet,
        CAST(coalesce(a.published_at, a.first_seen_at) AS DATE) AS day,
        a.is_wire,
        NOT a.is_wire AND a.is_copy AND o.outlet IS DISTINCT FROM a.outlet AS is_copied
    FROM report.articles AS a
    LEFT JOIN origins AS o ON o.cluster_id = a.cluster_id
)
SELECT
    outlet,
    day,
    count(*) AS articles,
    count(*) FILTER (WHERE NOT is_wire AND NOT is_copied) AS own,
    count(*) FILTER (WHERE is_wire) AS wire,
    count(*) FILTER (WHERE is_copied) AS copied,
    count(*) FILTER (WHERE NOT is_wire AND NOT is_copied) / count(*) AS own_share
FROM judged
GROUP BY ALL
ORDER BY day DESC, outlet;
