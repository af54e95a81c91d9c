-- One row: one article as the duplicate finder takes it in.
-- A wire origin is an article on the agency's own site; an outlet's reprint only names the agency.
-- Read by: tasks/placing.py
SELECT
    a.article_id AS id,
    a.text,
    core.wording(a.content_hash) AS wording,
    a.outlet,
    a.published_at,
    coalesce(lower(a.wire_agency) IN (lower(a.outlet), lower(a.publisher)), false) AS is_wire
FROM core.articles AS a
ANTI JOIN core.fingerprint_documents AS d ON d.article_id = a.article_id
ORDER BY a.article_id
LIMIT $most;
