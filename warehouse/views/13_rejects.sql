-- One row: one stored page that today's cleaner did not take for an article, and why. Read by the report's rejects table
-- and by whoever works on the cleaner: `warc_file` and `warc_offset` lead to the page as it came.
CREATE OR REPLACE VIEW report.rejects AS
SELECT
    p.fetched_at,
    p.source_name AS source,
    p.site,
    p.final_url AS url,
    e.reject AS reason,
    e.detail,
    p.content_type,
    p.body_bytes,
    e.cleaner_version,
    p.run_id,
    p.page_id,
    p.warc_file,
    p.warc_offset
FROM core.extractions AS e
JOIN raw.pages AS p ON p.page_id = e.page_id
WHERE e.reject IS NOT NULL
ORDER BY p.fetched_at DESC, url;
