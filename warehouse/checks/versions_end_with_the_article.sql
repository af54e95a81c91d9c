-- severity: fail
-- what: The last version of an article is its present wording.
SELECT a.article_id, v.version
FROM core.articles AS a
JOIN core.article_versions AS v ON v.article_id = a.article_id AND v.valid_to IS NULL
WHERE v.content_hash <> a.content_hash;
