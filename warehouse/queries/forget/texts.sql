-- One row: one article to be erased. Read by: tasks/forgetting.py
SELECT a.article_id, a.text FROM core.articles AS a SEMI JOIN doomed AS d ON d.article_id = a.article_id;
