-- One row: one fingerprint that an earlier story shares with the batch, with the document it stands under.
-- Read by: warehouse/fingerprint_index.py
SELECT f.hash, f.doc, d.story, d.size
FROM core.fingerprints AS f
JOIN wanted AS w ON w.hash = f.hash
JOIN core.fingerprint_documents AS d ON d.doc = f.doc;
