-- One row: one article as the duplicate finder sees it.
-- Read by: tasks/cluster.py
SELECT article_id AS id, text, title, url, outlet, published_at, wire_agency IS NOT NULL AS is_wire
FROM core.articles;
