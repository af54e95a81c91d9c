-- One row: one document of one of the wanted stories.
-- Read by: warehouse/fingerprint_index.py
SELECT d.story, d.doc FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.story = d.story;
