-- One row: the origin of one robots.txt on a host or below it. Read by: tasks/forgetting.py
SELECT origin
FROM raw.robots
WHERE regexp_extract(origin, '^[a-z]+://([^/:?#]+)', 1) = lower($host)
    OR ends_with(regexp_extract(origin, '^[a-z]+://([^/:?#]+)', 1), '.' || lower($host));
