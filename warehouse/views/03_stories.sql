-- One row: one story that more than one article tells in the same words. Read by the report: what spread, from whom.
-- The title is the canonical article's. `first_` is the earliest dated article's, which need not be the canonical one.
CREATE OR REPLACE VIEW report.stories AS
SELECT
    cluster_id,
    arg_max(title, (NOT is_copy, article_id)) AS title,
    arg_max(article_id, (NOT is_copy, article_id)) AS canonical_article_id,
    arg_max(outlet, (NOT is_copy, article_id)) AS canonical_outlet,
    max(canonical_reason) AS canonical_reason,
    coalesce(
        arg_min(outlet, (published_at, is_copy, article_id)) FILTER (WHERE published_at IS NOT NULL),
        arg_min(outlet, (first_seen_at, is_copy, article_id))
    ) AS first_outlet,
    min(published_at) AS first_published_at,
    max(published_at) AS last_published_at,
    count(*) AS articles,
    count(*) FILTER (WHERE is_copy) AS copies,
    count(DISTINCT outlet) AS outlets,
    mode(wire_agency) AS wire_agency,
    round(date_diff('second', min(published_at), max(published_at)) / 3600.0, 1) AS spread_hours
FROM report.articles
WHERE cluster_size > 1
GROUP BY cluster_id
ORDER BY outlets DESC, copies DESC, cluster_id;
