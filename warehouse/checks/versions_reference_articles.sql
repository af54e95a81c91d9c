-- severity: fail
-- what: Every version belongs to an article.
SELECT v.article_id, v.version
FROM core.article_versions AS v
ANTI JOIN core.articles AS a ON a.article_id = v.article_id;
