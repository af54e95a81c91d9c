-- One row, or none: where the last response of a listing page is stored.
-- Read by: tasks/discover.py
SELECT warc_file, warc_offset, warc_length
FROM raw.pages
WHERE url = $url AND purpose = 'source'
ORDER BY fetched_at DESC
LIMIT 1;
