-- One row: what the canonical policy asks of one wanted article.
-- Read by: warehouse/fingerprint_index.py
SELECT d.doc, d.article_id AS id, d.word_count, d.outlet, d.published_at, d.is_wire
FROM core.fingerprint_documents AS d
SEMI JOIN wanted AS w ON w.id = d.article_id;
