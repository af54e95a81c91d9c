-- severity: fail
-- what: An outcome that is an article leads to it, unless it was erased since.
SELECT o.run_id, o.url, o.article_id
FROM ops.outcomes AS o
ANTI JOIN core.articles AS a ON a.article_id = o.article_id
WHERE o.outcome IN ('article_new', 'article_changed', 'article_unchanged');
