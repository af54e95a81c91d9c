-- One row: one fingerprint of a wanted document.
-- Read by: warehouse/fingerprint_index.py
SELECT f.hash, f.doc FROM core.fingerprints AS f SEMI JOIN wanted AS w ON w.doc = f.doc;
