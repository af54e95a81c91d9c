-- One row: one host that was asked within the last hour, and when its last answer ended.
-- Read by: tasks/visits.py, so that two runs in a row keep the distance that one run keeps
SELECT host, max(started_at + to_microseconds(CAST(coalesce(elapsed_ms, 0) * 1000 AS BIGINT))) AS finished_at
FROM raw.fetches
WHERE started_at > $since - INTERVAL 1 HOUR
GROUP BY host;
