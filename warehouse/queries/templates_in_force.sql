-- One row: one template in force of one of the `sites`.
-- Read by: tasks/learn.py
SELECT * FROM core.templates SEMI JOIN sites USING (site) WHERE retired_at IS NULL;
