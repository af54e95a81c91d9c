-- Take out the pairs that share too little by now.
-- Read by: warehouse/fingerprint_index.py
DELETE FROM core.compared_pairs AS p USING lowered AS n
WHERE p.doc_a = n.doc_a AND p.doc_b = n.doc_b AND n.shared < n.needed;
