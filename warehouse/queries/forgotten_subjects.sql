-- One row: one article (by its id) or one other subject (by its hash) that was erased and must not come back.
-- Read by: tasks/refusals.py
SELECT CASE WHEN kind = 'article' THEN kind ELSE 'other' END AS kind, subject_hash FROM ops.forgotten;
