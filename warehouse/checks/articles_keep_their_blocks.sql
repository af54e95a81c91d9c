-- severity: warn
-- what: The text falls into as many blocks as there are kinds of blocks.
SELECT article_id, len(string_split(text, chr(10) || chr(10))) AS blocks, len(block_kinds) AS kinds
FROM core.articles
WHERE len(block_kinds) > 0 AND len(string_split(text, chr(10) || chr(10))) < len(block_kinds);
