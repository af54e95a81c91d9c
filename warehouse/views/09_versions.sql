-- One row: one wording of one article, with its words, oldest first within an article. Read by `wirehouse diff` and by
-- whoever compares wordings. The words of the wording in force are stored once, with the article.
CREATE OR REPLACE VIEW report.versions AS
SELECT v.* REPLACE (coalesce(v.text, a.text) AS text)
FROM core.article_versions AS v
LEFT JOIN core.articles AS a ON a.article_id = v.article_id AND v.valid_to IS NULL;
