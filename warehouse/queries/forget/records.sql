-- One row: one stored page by its place in the archive. Read by: tasks/forgetting.py
SELECT page_id, url, purpose, warc_file, warc_offset, warc_length FROM raw.pages WHERE warc_file = $file;
