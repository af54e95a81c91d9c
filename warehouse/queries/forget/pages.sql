-- One row: one stored page of an article to be erased, or of an address to be erased. Read by: warehouse/forget.py
SELECT DISTINCT p.page_id, p.url, p.final_url, p.warc_file, p.warc_offset, p.warc_length
FROM raw.pages AS p
WHERE p.page_id IN (
        SELECT page_id FROM core.articles WHERE article_id IN (SELECT article_id FROM doomed)
        UNION
        SELECT page_id FROM core.article_versions WHERE article_id IN (SELECT article_id FROM doomed)
        UNION
        SELECT page_id FROM core.extractions WHERE article_id IN (SELECT article_id FROM doomed)
    )
    OR p.url IN (SELECT subject FROM subjects)
    OR p.final_url IN (SELECT subject FROM subjects)
    OR list_has_any(p.redirects, (SELECT list(subject) FROM subjects))
ORDER BY p.warc_file, p.warc_offset;
