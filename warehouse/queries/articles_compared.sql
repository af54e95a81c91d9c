-- One row: one stored article among `ids`, to be compared with what its pages say when they are cleaned again.
-- Read by: tasks/again.py
SELECT a.* FROM core.articles AS a SEMI JOIN ids AS i ON i.article_id = a.article_id;
