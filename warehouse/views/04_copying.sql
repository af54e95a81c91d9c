-- One row: one outlet whose stories another outlet carried in the same words. Read by the report: who copies whom.
-- The origin is the canonical article's outlet. The lag leaves out articles of which only the day is known; a negative
-- lag means that the copy says it was first.
CREATE OR REPLACE VIEW report.copying AS
SELECT
    origin.outlet AS from_outlet,
    copy.outlet AS to_outlet,
    count(DISTINCT copy.cluster_id) AS stories,
    count(*) AS copies,
    median(date_diff('second', origin.published_at, copy.published_at) / 60.0)
        FILTER (WHERE NOT origin.is_only_day_known AND NOT copy.is_only_day_known) AS median_lag_minutes
FROM report.articles AS copy
JOIN report.articles AS origin ON origin.cluster_id = copy.cluster_id AND NOT origin.is_copy
WHERE copy.is_copy AND origin.outlet <> copy.outlet
GROUP BY ALL
ORDER BY stories DESC, from_outlet, to_outlet;
