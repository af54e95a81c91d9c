-- severity: fail
-- what: Every piece of evidence is about an article.
SELECT e.article_id, e.field
FROM core.evidence AS e
ANTI JOIN core.articles AS a ON a.article_id = e.article_id;
