-- severity: fail
-- what: An outcome that is an article leads to it, unless it was erased since or its page, cleaned again, is none.
SELECT o.run_id, o.url, o.article_id
FROM ops.outcomes AS o
ANTI JOIN core.articles AS a ON a.article_id = o.article_id
LEFT JOIN core.extractions AS e ON e.page_id = o.page_id
WHERE o.outcome IN ('article_new', 'article_changed', 'article_unchanged')
    AND o.article_id IS NOT NULL
    AND (e.page_id IS NULL OR e.article_id = o.article_id);
