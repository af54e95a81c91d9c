-- severity: warn
-- what: No request came too soon or against robots.txt.
SELECT violation, host, url, started_at, gap_ms, interval_ms
FROM report.politeness_violations;
