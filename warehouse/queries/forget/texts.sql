-- One row: one article to be erased, fetched by row number as in articles_stored.sql. Read by: tasks/forgetting.py
SELECT article_id, text
FROM core.articles
WHERE rowid IN (SELECT a.rowid FROM core.articles AS a SEMI JOIN doomed USING (article_id));
