-- One row: one article that is meant by an id, or by any address under which it was found or read; the best match first.
-- Read by: flows/cli/named.py
WITH pages AS (
    SELECT e.article_id
    FROM core.extractions AS e
    JOIN raw.pages AS p ON p.page_id = e.page_id
    WHERE p.url IN ($wanted, $canonical) OR p.final_url IN ($wanted, $canonical)
)
SELECT article_id, url, canonical_url, outlet, title, published_at, text
FROM core.articles
WHERE article_id = $wanted
    OR url IN ($wanted, $canonical)
    OR canonical_url IN ($wanted, $canonical)
    OR article_id IN (SELECT article_id FROM pages)
ORDER BY article_id = $wanted DESC, canonical_url = $canonical DESC, url = $wanted DESC, article_id
LIMIT 1;
