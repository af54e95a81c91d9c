-- One row: one source and how it is doing. Read by `wirehouse status`, the report and the run's sources table.
-- `never`: it has not answered yet. `failing`: its last polls failed. `quiet`: it answers, but has had nothing new for
-- four times its usual pause between new articles, two days at least (a weekend is no alarm for a daily paper's site).
-- `alive`: the rest. Silence is measured at its last poll, so that a stopped Wirehouse does not make sources look quiet.
CREATE OR REPLACE VIEW report.sources AS
WITH landed AS (
    SELECT source_name, count(*) AS articles, max(first_seen_at) AS newest_at
    FROM core.articles
    GROUP BY source_name
),
recent AS (
    SELECT a.source_name, count(*) AS articles
    FROM core.articles AS a
    JOIN landed AS l ON l.source_name = a.source_name
    WHERE a.first_seen_at > l.newest_at - INTERVAL 28 DAYS
    GROUP BY a.source_name
),
stored AS (
    SELECT source_name, count(*) AS fetched
    FROM raw.pages
    GROUP BY source_name
),
missed AS (
    SELECT
        source_name,
        count(*) FILTER (WHERE outcome = 'failure') AS failures,
        count(*) FILTER (WHERE outcome = 'reject') AS rejects
    FROM ops.outcomes
    GROUP BY source_name
),
troubles AS (
    SELECT
        source_name,
        arg_max(reason, "at") AS reason,
        arg_max(detail, "at") AS detail
    FROM ops.source_runs
    WHERE reason IS NOT NULL
    GROUP BY source_name
),
judged AS (
    SELECT
        s.*,
        CASE
            WHEN s.failure_units > 0 THEN 'failing'
            WHEN s.last_success_at IS NULL THEN 'never'
            WHEN s.polled_at - coalesce(s.last_new_at, s.last_success_at)
                > greatest(INTERVAL 2 DAYS, to_days(CAST(ceil(4 * 28 / coalesce(r.articles, 28)) AS INTEGER)))
                THEN 'quiet'
            ELSE 'alive'
        END AS state
    FROM ops.source_state AS s
    LEFT JOIN recent AS r ON r.source_name = s.source_name
)
SELECT
    j.source_name AS source,
    j.kind,
    j.outlet,
    j.location,
    j.state,
    j.polled_at,
    j.next_poll_at,
    j.last_success_at,
    j.last_new_at,
    coalesce(f.fetched, 0) AS fetched,
    coalesce(l.articles, 0) AS articles,
    coalesce(m.rejects, 0) AS rejects,
    coalesce(m.failures, 0) AS failures,
    j.failure_units,
    CASE WHEN j.state = 'failing' THEN t.reason END AS failure_reason,
    CASE WHEN j.state = 'failing' THEN t.detail END AS failure_detail
FROM judged AS j
LEFT JOIN landed AS l ON l.source_name = j.source_name
LEFT JOIN stored AS f ON f.source_name = j.source_name
LEFT JOIN missed AS m ON m.source_name = j.source_name
LEFT JOIN troubles AS t ON t.source_name = j.source_name
ORDER BY list_position(['failing', 'never', 'quiet', 'alive'], j.state), source;
