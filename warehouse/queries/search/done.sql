-- What has been brought up to date is not due any more. Read by: warehouse/search.py
DELETE FROM core.search_due WHERE article_id IN (SELECT article_id FROM due_articles);
