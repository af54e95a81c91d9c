-- One row: one of the latest stored pages of a site, one for each URL.
-- Read by: tasks/learn.py
WITH latest AS (
    SELECT p.site, p.url, p.page_id, p.fetched_at, p.warc_file, p.warc_offset, p.warc_length
    FROM raw.pages AS p
    SEMI JOIN sites AS s ON s.site = p.site
    WHERE p.purpose = 'page' AND p.status = 200
    QUALIFY row_number() OVER (PARTITION BY p.site, p.url ORDER BY p.fetched_at DESC, p.page_id) = 1
)
SELECT *
FROM latest
QUALIFY row_number() OVER (PARTITION BY site ORDER BY fetched_at DESC, page_id) <= $most
ORDER BY site, fetched_at DESC, page_id;
