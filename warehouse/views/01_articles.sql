-- One row: one article, with its place in its story. Read by analysts, `wirehouse sql` and the report.
-- A copy is an article whose story has an origin elsewhere. An article without copies is a story of its own.
CREATE OR REPLACE VIEW report.articles AS
WITH sizes AS (
    SELECT cluster_id, count(*) AS articles
    FROM core.clusters
    GROUP BY cluster_id
)
SELECT
    a.article_id,
    a.outlet,
    a.title,
    a.authors,
    a.published_at,
    a.published_at_source,
    coalesce(ends_with(a.published_at_source, '_day'), false) AS is_only_day_known,
    a.modified_at,
    a.language,
    a.section,
    a.tags,
    a.description,
    a.publisher,
    a.dateline,
    a.wire_agency,
    a.wire_agency IS NOT NULL AS is_wire,
    a.is_based_on_url,
    a.is_accessible_for_free,
    a.license,
    a.text,
    a.word_count,
    coalesce(c.cluster_id, a.article_id) AS cluster_id,
    coalesce(s.articles, 1) AS cluster_size,
    coalesce(NOT c.is_canonical, false) AS is_copy,
    c.canonical_reason,
    a.source_name,
    a.url,
    a.canonical_url,
    a.image_url,
    a.first_seen_at,
    a.first_run_id,
    a.page_id,
    a.cleaner_version
FROM core.articles AS a
LEFT JOIN core.clusters AS c ON c.article_id = a.article_id
LEFT JOIN sizes AS s ON s.cluster_id = c.cluster_id;
