-- One row: what one run did, in numbers.
-- Read by: tasks/publish.py
WITH mine AS (SELECT * FROM ops.outcomes WHERE run_id = $run_id),
sources AS (SELECT * FROM ops.source_runs WHERE run_id = $run_id)
SELECT
    (SELECT count(*) FROM sources)::INTEGER AS sources,
    (SELECT count(*) FROM sources WHERE outcome = 'failed')::INTEGER AS sources_failed,
    (SELECT count(*) FROM mine)::INTEGER AS candidates,
    (SELECT count(*) FROM raw.pages WHERE run_id = $run_id AND purpose = 'page')::INTEGER AS fetched,
    (SELECT count(*) FROM mine WHERE outcome = 'article_new')::INTEGER AS articles_new,
    (SELECT count(*) FROM mine WHERE outcome = 'article_changed')::INTEGER AS articles_changed,
    (SELECT count(*) FROM mine WHERE outcome = 'reject')::INTEGER AS rejects,
    (SELECT count(*) FROM mine WHERE outcome = 'failure')::INTEGER AS failures,
    (
        SELECT count(*)
        FROM mine
        JOIN core.clusters AS c USING (article_id)
        WHERE mine.outcome IN ('article_new', 'article_changed') AND NOT c.is_canonical
    )::INTEGER AS copies;
