-- One row: one of the URLs in `named` that was asked for before, or whose article was under another address.
-- Read by: tasks/discover.py
SELECT n.url, u.last_outcome
FROM named AS n
JOIN ops.url_state AS u ON u.url = n.url;
