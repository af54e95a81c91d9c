-- One row: one stored page that must be cleaned together with the pages `seeds`: it is one of them, or has the address
-- or the article of one, or belongs to one of the articles `ids`. With the template in force for its site,
-- and what the finding place said of it.
-- Read by: tasks/again.py
WITH wanted AS (
    SELECT DISTINCT e.article_id
    FROM core.extractions AS e
    SEMI JOIN seeds AS s ON s.page_id = e.page_id
    WHERE e.article_id IS NOT NULL
    UNION
    SELECT article_id FROM ids
),
addresses AS (
    SELECT DISTINCT p.url
    FROM raw.pages AS p
    LEFT JOIN core.extractions AS e ON e.page_id = p.page_id
    WHERE p.purpose = 'page'
        AND (p.page_id IN (SELECT page_id FROM seeds) OR e.article_id IN (SELECT article_id FROM wanted))
)
SELECT
    c.title AS hint_title,
    c.published_at AS hint_published_at,
    c.section AS hint_section,
    p.page_id,
    p.url,
    p.final_url,
    p.site,
    p.source_name,
    s.outlet,
    p.fetched_at,
    p.warc_file,
    p.warc_offset,
    p.warc_length,
    t.version AS template_version,
    t.learned_at AS template_learned_at,
    t.page_count AS template_page_count,
    t.body AS template_body,
    e.article_id,
    coalesce(r.started_at, p.fetched_at) AS landed_at
FROM raw.pages AS p
SEMI JOIN addresses AS a ON a.url = p.url
LEFT JOIN core.extractions AS e ON e.page_id = p.page_id
LEFT JOIN ops.source_state AS s ON s.source_name = p.source_name
LEFT JOIN ops.runs AS r ON r.run_id = p.run_id
LEFT JOIN report.templates_in_force AS t ON t.site = p.site
LEFT JOIN raw.candidates AS c ON c.source_name = p.source_name AND c.url = p.url
WHERE p.purpose = 'page'
ORDER BY landed_at, p.fetched_at, p.page_id;
