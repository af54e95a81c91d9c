-- severity: fail
-- what: No article is in the search index twice, and no two share a number.
SELECT doc, article_id
FROM core.search_documents
QUALIFY count(*) OVER (PARTITION BY doc) > 1 OR count(*) OVER (PARTITION BY article_id) > 1;
