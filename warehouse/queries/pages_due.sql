-- One row: one stored page that the cleaner has not seen, oldest first, with the template in force for its site and
-- what the finding place said of it.
-- Read by: tasks/extract.py
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
    t.body AS template_body
FROM raw.pages AS p
ANTI JOIN core.extractions AS e ON e.page_id = p.page_id
LEFT JOIN ops.source_state AS s ON s.source_name = p.source_name
LEFT JOIN report.templates_in_force AS t ON t.site = p.site
LEFT JOIN raw.candidates AS c ON c.source_name = p.source_name AND c.url = p.url
WHERE p.purpose = 'page'
ORDER BY p.fetched_at, p.page_id
LIMIT $most;
