-- One row: one article of an outlet, by its name or by the host of its address, which holds for the hosts below it.
-- Read by: warehouse/forget.py
SELECT a.article_id
FROM core.articles AS a
JOIN subjects AS s
    ON lower(a.outlet) = lower(s.subject)
    OR regexp_extract(a.url, '^[a-z]+://([^/:?#]+)', 1) = lower(s.subject)
    OR ends_with(regexp_extract(a.url, '^[a-z]+://([^/:?#]+)', 1), '.' || lower(s.subject));
