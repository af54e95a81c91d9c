-- One row, or none: what is remembered of one URL, to ask again politely.
-- Read by: tasks/discover.py
SELECT attempts, etag, last_modified, body_digest FROM ops.url_state WHERE url = $url;
