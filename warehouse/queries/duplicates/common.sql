-- One row: one of the wanted fingerprints that is common.
-- Read by: warehouse/fingerprint_index.py
SELECT c.hash FROM core.common_fingerprints AS c SEMI JOIN wanted AS w ON w.hash = c.hash;
