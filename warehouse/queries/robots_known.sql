-- One row: one robots.txt that need not be asked for again yet.
-- Read by: tasks/visits.py
SELECT * FROM raw.robots WHERE expires_at > $now;
