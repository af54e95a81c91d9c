-- One row: one of `ids` that is stored already.
-- Read by: tasks/archived.py
SELECT DISTINCT page_id FROM raw.pages SEMI JOIN ids USING (page_id);
