-- One row: one URL that a source named, and whether its article is here. Read by whoever asks "what did we miss, and
-- why": a miss without a reason is a `pending` one, which no run has come to yet.
CREATE OR REPLACE VIEW report.completeness AS
WITH last_outcomes AS (
    SELECT
        url,
        arg_max({'outcome': outcome, 'reason': reason, 'detail': detail, 'article_id': article_id}, "at") AS said,
        max("at") AS at_last
    FROM ops.outcomes
    GROUP BY url
)
SELECT
    c.source_name AS source,
    c.url,
    c.first_seen_at,
    CASE
        WHEN a.article_id IS NOT NULL THEN 'landed'
        WHEN o.said IS NULL THEN 'pending'
        ELSE 'missed'
    END AS state,
    CASE WHEN a.article_id IS NULL THEN o.said.outcome END AS outcome,
    CASE WHEN a.article_id IS NULL THEN o.said.reason END AS reason,
    CASE WHEN a.article_id IS NULL THEN o.said.detail END AS detail,
    o.at_last AS last_outcome_at,
    a.article_id
FROM raw.candidates AS c
LEFT JOIN last_outcomes AS o ON o.url = c.url
LEFT JOIN core.articles AS a ON a.article_id = coalesce(o.said.article_id, c.article_id);
