-- One row: one stored pair with a wanted article on either side, with what was measured on it.
-- Read by: warehouse/fingerprint_index.py
SELECT p.* RENAME (article_id_a AS id_a, article_id_b AS id_b)
FROM core.duplicate_pairs AS p
WHERE p.article_id_a IN (SELECT w.id FROM wanted AS w) OR p.article_id_b IN (SELECT w.id FROM wanted AS w);
