-- severity: fail
-- what: The cleaner made either an article or a reject of every page, never both and never neither.
SELECT page_id, article_id, reject
FROM core.extractions
WHERE (article_id IS NULL) = (reject IS NULL);
