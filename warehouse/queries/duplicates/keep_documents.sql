-- Take in the documents of a batch.
-- Read by: warehouse/fingerprint_index.py
INSERT INTO core.fingerprint_documents BY NAME SELECT * FROM documents;
