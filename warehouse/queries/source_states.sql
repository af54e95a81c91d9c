-- One row: one source and what is remembered of its rhythm.
-- Read by: tasks/discover.py
SELECT source_name, rhythm FROM ops.source_state;
