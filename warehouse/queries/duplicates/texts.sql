-- One row: the text of one wanted document. Fetched by row number, as in articles_stored.sql: a join with the texts would
-- unpack them all.
-- Read by: warehouse/fingerprint_index.py
WITH named AS (
    SELECT d.doc, d.article_id FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.doc = d.doc
),
stored AS (
    SELECT article_id, text
    FROM core.articles
    WHERE rowid IN (SELECT a.rowid FROM core.articles AS a SEMI JOIN named USING (article_id))
)
SELECT n.doc, s.text FROM named AS n JOIN stored AS s ON s.article_id = n.article_id;
