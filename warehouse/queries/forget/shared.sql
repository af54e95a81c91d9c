-- One row: one of the passages `sought` that something else holds too, and that may therefore stay: another article, a
-- wording of one, or a teaser that was removed from one.
-- Read by: tasks/forgetting.py
WITH held AS (
    SELECT article_id, text FROM core.articles
    UNION ALL
    SELECT article_id, text FROM core.article_versions
    UNION ALL
    SELECT article_id, text FROM core.blocks_removed
)
SELECT DISTINCT s.passage
FROM sought AS s
JOIN (SELECT text FROM held ANTI JOIN doomed USING (article_id)) AS h ON contains(h.text, s.passage);
