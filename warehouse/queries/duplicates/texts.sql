-- One row: the text of one wanted document. A join with a small table of keys: a list of keys would scan the whole column.
-- Read by: warehouse/fingerprint_index.py
SELECT d.doc, a.text
FROM core.fingerprint_documents AS d
JOIN wanted AS w ON w.doc = d.doc
JOIN core.articles AS a ON a.article_id = d.article_id;
