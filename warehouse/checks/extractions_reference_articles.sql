-- severity: fail
-- what: Every page that was taken for an article has its article.
SELECT e.page_id, e.article_id
FROM core.extractions AS e
ANTI JOIN core.articles AS a ON a.article_id = e.article_id
WHERE e.article_id IS NOT NULL;
