-- Take out the compared pairs of the wanted articles.
-- Read by: warehouse/fingerprint_index.py
WITH gone AS (SELECT d.doc FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.id = d.article_id)
DELETE FROM core.compared_pairs WHERE doc_a IN (SELECT doc FROM gone) OR doc_b IN (SELECT doc FROM gone);
