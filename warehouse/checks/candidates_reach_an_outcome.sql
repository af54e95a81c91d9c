-- severity: warn
-- what: Every URL that was named more than two days before the last run ended has an outcome.
SELECT c.source_name, c.url, c.first_seen_at
FROM raw.candidates AS c
ANTI JOIN ops.outcomes AS o ON o.url = c.url
WHERE c.first_seen_at < (SELECT max(ended_at) FROM ops.runs WHERE flow = 'ingest') - INTERVAL 2 DAYS;
