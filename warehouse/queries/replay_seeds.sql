-- One row: one stored page of a span, in the order of fetching, whose address the run has not dealt with yet.
-- Read by: tasks/again.py
SELECT p.page_id, p.url
FROM raw.pages AS p
ANTI JOIN (SELECT url FROM ops.outcomes WHERE run_id = $run_id) AS o ON o.url = p.url
WHERE p.purpose = 'page'
    AND ($source IS NULL OR p.source_name = $source)
    AND ($since IS NULL OR p.fetched_at >= $since)
    AND ($until IS NULL OR p.fetched_at < $until)
ORDER BY p.fetched_at, p.page_id;
