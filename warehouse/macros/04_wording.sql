-- A content hash as a number of 32 bits, its first eight hex digits: 4 bytes an article in place of 32. A change of
-- wording goes unnoticed with a chance of 1 in 4 billion. A hash that is not written in hex digits is hashed by itself.
CREATE OR REPLACE MACRO core.wording(content_hash) AS
    coalesce(try_cast('0x' || left(content_hash, 8) AS UINTEGER), core.search_term(content_hash));
