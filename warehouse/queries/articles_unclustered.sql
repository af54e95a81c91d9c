-- One row: how many articles the duplicate finder has not taken in, or knows with words that are no longer stored.
-- Read by: tasks/cluster.py
SELECT count(*) AS n
FROM core.articles AS a
FULL JOIN core.fingerprint_documents AS d ON d.article_id = a.article_id
WHERE core.wording(a.content_hash) IS DISTINCT FROM d.wording;
