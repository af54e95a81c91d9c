-- One row: one address under which something to be erased is known. Read by: warehouse/forget.py
SELECT subject AS url FROM subjects WHERE contains(subject, '://')
UNION
SELECT url FROM core.articles WHERE article_id IN (SELECT article_id FROM doomed)
UNION
SELECT canonical_url FROM core.articles WHERE article_id IN (SELECT article_id FROM doomed)
UNION
SELECT url FROM raw.candidates WHERE article_id IN (SELECT article_id FROM doomed)
UNION
SELECT url FROM ops.outcomes WHERE article_id IN (SELECT article_id FROM doomed)
UNION
SELECT url FROM pages
UNION
SELECT final_url FROM pages;
