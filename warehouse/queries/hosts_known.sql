-- One row: what is remembered of one host.
-- Read by: tasks/visits.py
SELECT host, finished_at, latency_seconds, slowdown, crawl_delay_seconds, silent_until, failure_units FROM ops.hosts;
