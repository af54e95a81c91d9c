-- One row: one reason why URLs of one run did not become articles, with an example.
-- Read by: tasks/publish.py (artifact `rejects`), flows/cli/run.py
SELECT outcome, reason, count(*)::INTEGER AS n, min(url) AS example, min_by(detail, url) AS detail
FROM ops.outcomes
WHERE run_id = $run_id AND outcome IN ('reject', 'failure', 'skipped')
GROUP BY outcome, reason
ORDER BY outcome, n DESC, reason;
