-- severity: fail
-- what: Similarity and containment lie between 0 and 1.
SELECT article_id_a, article_id_b, similarity, containment
FROM core.duplicate_pairs
WHERE NOT (similarity BETWEEN 0 AND 1 AND containment BETWEEN 0 AND 1);
