-- One row: one compared pair with a wanted document on either side.
-- Read by: warehouse/fingerprint_index.py
SELECT p.doc_a, p.doc_b, p.shared, p.needed, p.is_kin
FROM core.compared_pairs AS p
WHERE p.doc_a IN (SELECT w.doc FROM wanted AS w) OR p.doc_b IN (SELECT w.doc FROM wanted AS w);
