-- Take the wanted articles out, with the fingerprints that stand under them.
-- Read by: warehouse/fingerprint_index.py
DELETE FROM core.fingerprints
WHERE doc IN (SELECT d.doc FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.id = d.article_id);
DELETE FROM core.fingerprint_documents WHERE article_id IN (SELECT id FROM wanted);
