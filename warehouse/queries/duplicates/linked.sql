-- One row: one pair of everything that hangs together, through whatever pairs, with the wanted articles.
-- Both directions of every pair are rows, as a join on either end would compare everything with everything.
-- Read by: warehouse/fingerprint_index.py
WITH RECURSIVE ways AS (
    SELECT article_id_a AS here, article_id_b AS there FROM core.duplicate_pairs
    UNION ALL
    SELECT article_id_b, article_id_a FROM core.duplicate_pairs
),
reached (id) AS (
    SELECT id FROM wanted
    UNION
    SELECT w.there FROM reached AS r JOIN ways AS w ON w.here = r.id
)
SELECT p.article_id_a AS id_a, p.article_id_b AS id_b, p.relation, p.similarity, p.containment
FROM core.duplicate_pairs AS p
SEMI JOIN reached AS r ON r.id = p.article_id_a;
