-- severity: fail
-- what: Every wording that was superseded keeps its words.
SELECT article_id, version
FROM core.article_versions
WHERE valid_to IS NOT NULL AND text IS NULL;
