-- severity: fail
-- what: Both articles of a pair are there, and they are two.
SELECT p.article_id_a, p.article_id_b
FROM core.duplicate_pairs AS p
LEFT JOIN core.articles AS a ON a.article_id = p.article_id_a
LEFT JOIN core.articles AS b ON b.article_id = p.article_id_b
WHERE a.article_id IS NULL OR b.article_id IS NULL OR p.article_id_a = p.article_id_b;
