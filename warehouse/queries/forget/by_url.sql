-- One row: one article that one of `subjects` names, by any address under which it was found or read.
-- Read by: warehouse/forget.py
SELECT article_id
FROM core.articles
WHERE url IN (SELECT subject FROM subjects) OR canonical_url IN (SELECT subject FROM subjects)
UNION
SELECT e.article_id
FROM core.extractions AS e
JOIN raw.pages AS p ON p.page_id = e.page_id
WHERE e.article_id IS NOT NULL
    AND (p.url IN (SELECT subject FROM subjects) OR p.final_url IN (SELECT subject FROM subjects));
