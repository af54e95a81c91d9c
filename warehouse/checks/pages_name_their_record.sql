-- severity: fail
-- what: Every stored page names a WARC record of some length.
SELECT page_id, warc_file, warc_offset, warc_length
FROM raw.pages
WHERE warc_file = '' OR warc_offset < 0 OR warc_length <= 0;
