-- Remember fingerprints as common.
-- Read by: warehouse/fingerprint_index.py
INSERT INTO core.common_fingerprints BY NAME SELECT c.hash FROM common AS c ANTI JOIN core.common_fingerprints AS k ON k.hash = c.hash;
