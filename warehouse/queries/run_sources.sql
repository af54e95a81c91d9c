-- One row: what one source gave in one run.
-- Read by: tasks/publish.py (artifact `ingest-sources`), flows/cli/run.py
SELECT
    s.source_name AS source,
    s.outcome,
    s.candidates AS named,
    s.candidates_new AS new,
    count(*) FILTER (o.outcome IN ('article_new', 'article_changed'))::INTEGER AS articles,
    count(*) FILTER (o.outcome = 'reject')::INTEGER AS rejects,
    count(*) FILTER (o.outcome = 'failure')::INTEGER AS failures,
    s.reason,
    s.detail
FROM ops.source_runs AS s
LEFT JOIN ops.outcomes AS o ON o.run_id = s.run_id AND o.source_name = s.source_name
WHERE s.run_id = $run_id
GROUP BY ALL
ORDER BY min(s.outcome <> 'failed'), source;
