-- One row: one article that shares words with one of `gone` and is not among them.
-- Read by: tasks/placing.py
WITH partners AS (
    SELECT p.article_id_b AS article_id FROM core.duplicate_pairs AS p SEMI JOIN gone AS g ON g.article_id = p.article_id_a
    UNION
    SELECT p.article_id_a FROM core.duplicate_pairs AS p SEMI JOIN gone AS g ON g.article_id = p.article_id_b
)
SELECT article_id FROM partners ANTI JOIN gone USING (article_id) ORDER BY article_id;
