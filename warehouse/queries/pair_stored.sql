-- One row: what is stored about two articles: the pair if they are copies (A of the pair first), whether they were
-- compared at all, whether both are known to the duplicate finder, and whether they are in one story.
-- Read by: flows/cli/explain.py
WITH pair AS (
    SELECT p.*
    FROM core.duplicate_pairs AS p
    WHERE (p.article_id_a = $a AND p.article_id_b = $b) OR (p.article_id_a = $b AND p.article_id_b = $a)
),
known AS (
    SELECT d.doc FROM core.fingerprint_documents AS d WHERE d.article_id IN ($a, $b)
),
stories AS (
    SELECT count(DISTINCT c.cluster_id) = 1 AND count(*) = 2 AS is_one_story
    FROM core.clusters AS c
    WHERE c.article_id IN ($a, $b)
)
SELECT
    p.*,
    s.is_one_story,
    (SELECT count(*) FROM known) = 2 AS is_known,
    EXISTS (
        FROM core.compared_pairs AS c WHERE c.doc_a IN (SELECT doc FROM known) AND c.doc_b IN (SELECT doc FROM known)
    ) AS is_compared
FROM stories AS s
LEFT JOIN pair AS p ON true;
