-- Write what pairs still share after some of their fingerprints grew common.
-- Read by: warehouse/fingerprint_index.py
UPDATE core.compared_pairs AS p SET shared = n.shared
FROM lowered AS n
WHERE p.doc_a = n.doc_a AND p.doc_b = n.doc_b AND n.shared >= n.needed;
