-- One row: one outlet on one day of publication (UTC). Read by the report and by whoever asks "how much, by whom".
-- An article without a known date counts on the day on which it was first seen.
CREATE OR REPLACE VIEW report.coverage AS
SELECT
    CAST(coalesce(published_at, first_seen_at) AS DATE) AS day,
    outlet,
    count(*) AS articles,
    count(*) FILTER (WHERE is_copy) AS copies,
    count(*) FILTER (WHERE is_wire) AS wire,
    CAST(median(word_count) AS INTEGER) AS median_words
FROM report.articles
GROUP BY ALL
ORDER BY day DESC, articles DESC, outlet;
