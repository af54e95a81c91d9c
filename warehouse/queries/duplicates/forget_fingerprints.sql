-- Take out the fingerprints that stand under the wanted articles.
-- Read by: warehouse/fingerprint_index.py
DELETE FROM core.fingerprints
WHERE doc IN (SELECT d.doc FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.id = d.article_id);
