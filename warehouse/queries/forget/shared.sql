-- One row: one of the passages `sought` that another article holds too, and that may therefore stay.
-- Read by: tasks/forgetting.py
SELECT DISTINCT s.passage
FROM sought AS s
JOIN core.articles AS a ON contains(a.text, s.passage)
ANTI JOIN doomed AS d ON d.article_id = a.article_id;
