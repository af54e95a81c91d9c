-- One row: what is stored about two articles as a pair: the relation, and whether they are in one story.
-- Read by: flows/cli/explain.py
SELECT
    (
        SELECT p.relation
        FROM core.duplicate_pairs AS p
        WHERE (p.article_id_a = $a AND p.article_id_b = $b) OR (p.article_id_a = $b AND p.article_id_b = $a)
        LIMIT 1
    ) AS relation,
    count(DISTINCT c.cluster_id) = 1 AND count(*) = 2 AS is_one_story
FROM core.clusters AS c
WHERE c.article_id IN ($a, $b);
