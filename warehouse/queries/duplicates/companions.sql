-- One row: one article of the stories that the wanted articles are in, themselves included.
-- Read by: warehouse/fingerprint_index.py
WITH stories AS (
    SELECT DISTINCT d.story FROM core.fingerprint_documents AS d SEMI JOIN wanted AS w ON w.id = d.article_id
)
SELECT d.article_id AS id FROM core.fingerprint_documents AS d SEMI JOIN stories AS s ON s.story = d.story ORDER BY id;
