-- Take in the fingerprints of a batch, in order of document, so that the number column packs to almost nothing.
-- Read by: warehouse/fingerprint_index.py
INSERT INTO core.fingerprints BY NAME SELECT * FROM fingerprints;
