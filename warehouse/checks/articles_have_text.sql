-- severity: fail
-- what: Every article has words.
SELECT article_id, url
FROM core.articles
WHERE word_count <= 0;
