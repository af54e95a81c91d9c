-- Take the wanted articles out.
-- Read by: warehouse/fingerprint_index.py
DELETE FROM core.fingerprint_documents WHERE article_id IN (SELECT id FROM wanted);
