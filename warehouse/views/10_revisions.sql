-- One row: one change that an outlet made to an article after we first saw it. Read by the report: what changed
-- afterwards. Changes that only our own cleaner made have another `cleaner_version` than the version before.
CREATE OR REPLACE VIEW report.revisions AS
WITH versions AS (
    SELECT
        *,
        lag(title) OVER earlier AS title_before,
        lag(text) OVER earlier AS text_before,
        lag(cleaner_version) OVER earlier AS cleaner_version_before
    FROM report.versions
    WHERE article_id IN (SELECT article_id FROM core.article_versions WHERE version > 1)
    WINDOW earlier AS (PARTITION BY article_id ORDER BY version)
)
SELECT
    v.article_id,
    a.outlet,
    v.version,
    v.valid_from AS changed_at,
    v.changes,
    v.title,
    v.title_before,
    v.title IS DISTINCT FROM v.title_before AS is_title_changed,
    len(string_split(v.text, ' ')) AS words,
    len(string_split(v.text_before, ' ')) AS words_before,
    v.cleaner_version = v.cleaner_version_before AS is_by_outlet,
    a.url,
    v.page_id
FROM versions AS v
LEFT JOIN core.articles AS a ON a.article_id = v.article_id
WHERE v.text_before IS NOT NULL
ORDER BY changed_at DESC, v.article_id, v.version;
