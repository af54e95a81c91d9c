-- severity: warn
-- what: No outlet's articles became half as long, at the median, from one cleaner or template to the next.
WITH lengths AS (
    SELECT
        a.outlet,
        v.version,
        a.article_id,
        len(v.text) AS length,
        lag(len(v.text)) OVER (PARTITION BY v.article_id ORDER BY v.version) AS length_before,
        v.cleaner_version,
        lag(v.cleaner_version) OVER (PARTITION BY v.article_id ORDER BY v.version) AS cleaner_version_before
    FROM report.versions AS v
    JOIN core.articles AS a ON a.article_id = v.article_id
    WHERE v.article_id IN (SELECT article_id FROM core.article_versions WHERE version > 1)
)
SELECT outlet, cleaner_version, count(*) AS articles, median(length / length_before) AS ratio
FROM lengths
WHERE length_before > 0 AND cleaner_version <> cleaner_version_before
GROUP BY outlet, cleaner_version
HAVING count(*) >= 5 AND median(length / length_before) < 0.5;
