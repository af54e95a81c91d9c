-- One row: the run with this id.
-- Read by: flows/runs.py
SELECT * FROM ops.runs WHERE run_id = $run_id;
