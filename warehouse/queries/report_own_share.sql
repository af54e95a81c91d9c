-- One row: one outlet and where its articles came from; the thirty largest.
-- Read by: tasks/reports.py
SELECT
    outlet,
    CAST(sum(articles) AS BIGINT) AS articles,
    CAST(sum(own) AS BIGINT) AS own,
    CAST(sum(wire) AS BIGINT) AS wire,
    CAST(sum(copied) AS BIGINT) AS copied
FROM report.own_share
GROUP BY outlet
ORDER BY articles DESC, outlet
LIMIT 30;
