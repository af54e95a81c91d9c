-- A word as a number of 32 bits, by MD5 since DuckDB's own hash may differ between versions. Two words share one with
-- a chance of 1 in 4,000 at a million different words, which costs one wrong hit.
CREATE OR REPLACE MACRO core.search_term(word) AS
    CAST(md5_number_lower(word) % 4294967296 AS UINTEGER);
