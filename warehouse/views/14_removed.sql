-- One row: one reason for which blocks were left out of one outlet's articles. Read by whoever doubts the cleaner.
CREATE OR REPLACE VIEW report.removed AS
SELECT
    a.outlet,
    b.reason,
    count(*) AS blocks,
    count(DISTINCT b.article_id) AS articles,
    CAST(sum(len(b.text)) AS BIGINT) AS characters,
    any_value(b.text[:200]) AS example
FROM core.blocks_removed AS b
JOIN core.articles AS a ON a.article_id = b.article_id
GROUP BY ALL
ORDER BY a.outlet, blocks DESC;
