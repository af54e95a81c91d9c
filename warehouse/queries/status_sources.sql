-- One row: one source and its health.
-- Read by: flows/cli/status.py
SELECT
    source,
    kind,
    state,
    strftime(last_success_at, '%Y-%m-%d %H:%M') AS last_success,
    strftime(last_new_at, '%Y-%m-%d %H:%M') AS last_new,
    articles,
    failures,
    failure_reason
FROM report.sources
ORDER BY state = 'failing' DESC, source;
