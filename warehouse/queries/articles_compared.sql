-- One row: one stored article among `ids`, to be compared with what its pages say when they are cleaned again. Fetched by
-- row number, as in articles_stored.sql.
-- Read by: tasks/again.py
SELECT *
FROM core.articles
WHERE rowid IN (SELECT a.rowid FROM core.articles AS a SEMI JOIN ids USING (article_id));
