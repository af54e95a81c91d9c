-- One row: one article that holds a text in any field or in any version. Read by: warehouse/forget.py
SELECT a.article_id
FROM core.articles AS a
JOIN subjects AS s ON contains(
    lower(concat_ws(chr(10), a.title, a.description, a.text, a.dateline, array_to_string(a.authors, chr(10)))),
    lower(s.subject)
)
UNION
SELECT v.article_id
FROM core.article_versions AS v
JOIN subjects AS s ON contains(lower(concat_ws(chr(10), v.title, v.text)), lower(s.subject))
UNION
SELECT b.article_id
FROM core.blocks_removed AS b
JOIN subjects AS s ON contains(lower(b.text), lower(s.subject))
UNION
SELECT e.article_id
FROM core.evidence AS e
JOIN subjects AS s ON contains(lower(concat_ws(chr(10), e.value, e.text)), lower(s.subject));
