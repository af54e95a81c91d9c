-- One row: one article with what each of its pages declared about its use.
-- Read by: tasks/exporting.py
SELECT e.article_id, CAST(p.rights AS VARCHAR) AS rights, a.license
FROM core.articles AS a
JOIN core.extractions AS e ON e.article_id = a.article_id
JOIN raw.pages AS p ON p.page_id = e.page_id;
