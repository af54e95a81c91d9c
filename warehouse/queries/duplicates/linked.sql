-- One row: one pair of everything that hangs together, through whatever pairs, with the wanted articles.
-- Read by: warehouse/fingerprint_index.py
WITH RECURSIVE reached (id) AS (
    SELECT id FROM wanted
    UNION
    SELECT CASE WHEN p.article_id_a = r.id THEN p.article_id_b ELSE p.article_id_a END
    FROM reached AS r
    JOIN core.duplicate_pairs AS p ON r.id = p.article_id_a OR r.id = p.article_id_b
)
SELECT p.article_id_a AS id_a, p.article_id_b AS id_b, p.relation, p.similarity, p.containment
FROM core.duplicate_pairs AS p
SEMI JOIN reached AS r ON r.id = p.article_id_a;
