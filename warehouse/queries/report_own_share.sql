-- One row: one outlet and its articles by origin.
-- Read by: tasks/reports.py
SELECT
    outlet,
    sum(articles)::BIGINT AS articles,
    sum(own)::BIGINT AS own,
    sum(wire)::BIGINT AS wire,
    sum(copied)::BIGINT AS copied
FROM report.own_share
GROUP BY outlet
ORDER BY articles DESC, outlet;
