-- One row: how many articles the duplicate finder has not taken in, or knows with other words.
-- Read by: tasks/cluster.py
SELECT count(*) AS n
FROM core.articles AS a
ANTI JOIN core.fingerprint_documents AS d ON d.article_id = a.article_id AND d.content_hash = a.content_hash;
