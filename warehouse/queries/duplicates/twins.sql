-- One row: one document whose whole text has one of the wanted hashes.
-- Read by: warehouse/fingerprint_index.py
SELECT d.text_hash AS hash, d.doc FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.hash = d.text_hash;
