-- One row: one run that never said how it ended.
-- Read by: flows/runs.py, while it holds the lock of runs, so that none of them can still be alive
SELECT * FROM ops.runs WHERE state = 'Running';
