-- severity: fail
-- what: Every outcome is one of the six, and whatever is not an article says why.
SELECT run_id, url, outcome, reason
FROM ops.outcomes
WHERE outcome NOT IN ('article_new', 'article_changed', 'article_unchanged', 'reject', 'failure', 'skipped')
    OR (outcome IN ('reject', 'failure', 'skipped') AND reason IS NULL);
