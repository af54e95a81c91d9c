-- One row: the latest wording of one article among `ids`.
-- Read by: tasks/extract.py
SELECT
    a.article_id,
    a.title,
    a.text,
    a.content_hash,
    a.last_seen_at,
    a.page_id,
    a.first_run_id,
    a.first_seen_at,
    v.version,
    v.valid_from,
    v.changes,
    v.cleaner_version
FROM core.articles AS a
JOIN ids ON ids.article_id = a.article_id
JOIN core.article_versions AS v ON v.article_id = a.article_id AND v.valid_to IS NULL;
