-- severity: fail
-- what: Every removed block belongs to an article.
SELECT b.article_id, b.position
FROM core.blocks_removed AS b
ANTI JOIN core.articles AS a ON a.article_id = b.article_id;
