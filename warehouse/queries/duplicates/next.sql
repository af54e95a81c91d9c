-- One row: the number that the next document gets.
-- Read by: warehouse/fingerprint_index.py
SELECT coalesce(max(doc) + 1, 0) AS doc FROM core.fingerprint_documents;
