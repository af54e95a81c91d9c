-- One row: one URL that a source has named before.
-- Read by: tasks/discover.py
SELECT url FROM raw.candidates WHERE source_name = $source_name;
