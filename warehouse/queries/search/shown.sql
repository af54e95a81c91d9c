-- One row: one hit with its address and the place where the first of the words stands. The text is fetched by row
-- number: a join would decompress the whole column (155 against 55 ms of CPU for 20 of 100,000 articles, and growing).
-- Read by: warehouse/search.py
WITH texts AS (
    SELECT a.article_id, a.url, a.text, lower(strip_accents(a.text)) AS plain
    FROM core.articles AS a
    WHERE a.rowid IN (SELECT b.rowid FROM core.articles AS b JOIN hits AS h ON h.article_id = b.article_id)
),
places AS (
    SELECT
        article_id,
        url,
        text,
        (
            SELECT coalesce(min(strpos(plain, word)) FILTER (WHERE strpos(plain, word) > 0), 1)
            FROM (SELECT unnest(core.search_words($words)) AS word)
        ) AS place
    FROM texts
)
SELECT
    h.article_id,
    h.score,
    h.outlet,
    h.published_at,
    h.title,
    p.url,
    trim(regexp_replace(substr(p.text, greatest(p.place - 60, 1), 200), '\s+', ' ', 'g')) AS snippet
FROM hits AS h
JOIN places AS p ON p.article_id = h.article_id
ORDER BY h.score DESC, h.article_id;
