-- One row: one fingerprint that an earlier document shares with the batch.
-- Read by: warehouse/fingerprint_index.py
SELECT f.hash, f.doc, d.size
FROM core.fingerprints AS f
JOIN wanted AS w ON w.hash = f.hash
JOIN core.fingerprint_documents AS d ON d.doc = f.doc;
