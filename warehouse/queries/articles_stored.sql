-- One row: the latest wording of one article among `ids`.
-- Read by: tasks/extract.py
SELECT
    a.article_id,
    a.title,
    a.text,
    a.content_hash,
    a.last_seen_at,
    coalesce(v.version, 1)::INTEGER AS version,
    a.page_id,
    a.first_run_id,
    a.first_seen_at
FROM core.articles AS a
SEMI JOIN ids ON ids.article_id = a.article_id
LEFT JOIN (
    SELECT article_id, max(version) AS version FROM core.article_versions GROUP BY article_id
) AS v ON v.article_id = a.article_id;
