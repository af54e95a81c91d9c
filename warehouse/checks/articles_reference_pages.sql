-- severity: fail
-- what: Every article leads to the stored page that it was read from.
SELECT a.article_id, a.page_id, a.url
FROM core.articles AS a
ANTI JOIN raw.pages AS p ON p.page_id = a.page_id;
