-- One row: one wording of one article, oldest first.
-- Read by: flows/cli/diff.py
SELECT version, valid_from, valid_to, changes, title, text, cleaner_version
FROM report.versions
WHERE article_id = $article_id
ORDER BY version;
