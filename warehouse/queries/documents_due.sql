-- One row: one article as the duplicate finder takes it in.
-- Read by: tasks/cluster.py
SELECT
    a.article_id AS id,
    a.text,
    a.content_hash,
    a.outlet,
    a.published_at,
    a.wire_agency IS NOT NULL AS is_wire
FROM core.articles AS a
ANTI JOIN core.fingerprint_documents AS d ON d.article_id = a.article_id
ORDER BY a.article_id
LIMIT $most;
