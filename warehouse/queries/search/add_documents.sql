-- Read by: warehouse/search.py
INSERT INTO core.search_documents BY NAME
SELECT
    b.doc,
    a.article_id,
    a.outlet,
    a.title,
    a.published_at,
    a.content_hash,
    coalesce(w.length, 0) AS length,
    false AS is_sorted
FROM core.articles AS a
JOIN due_articles AS b ON b.article_id = a.article_id
LEFT JOIN (SELECT doc, sum(uses) AS length FROM temp.search_words GROUP BY doc) AS w ON w.doc = b.doc
WHERE a.rowid IN (SELECT c.rowid FROM core.articles AS c JOIN due_articles AS b ON b.article_id = c.article_id);
