-- Take in the compared pairs of a batch.
-- Read by: warehouse/fingerprint_index.py
INSERT INTO core.compared_pairs BY NAME SELECT * FROM compared;
