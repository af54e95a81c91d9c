-- One row: one version of one article among `ids`.
-- Read by: tasks/extract.py
SELECT v.article_id, v.version FROM core.article_versions AS v SEMI JOIN ids AS i ON i.article_id = v.article_id;
