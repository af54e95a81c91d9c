-- One row: one of the twenty stories that spread furthest.
-- Read by: tasks/reports.py
SELECT s.cluster_id, s.title, s.first_outlet, s.first_published_at, s.copies, s.outlets, s.spread_hours, a.url AS first_url
FROM report.stories AS s
LEFT JOIN core.articles AS a ON a.article_id = s.canonical_article_id
ORDER BY s.outlets DESC, s.copies DESC, s.cluster_id
LIMIT 20;
