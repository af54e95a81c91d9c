-- The words of a text as the search knows them: lower case, without accents; letters and digits, and each sign of a
-- script that does not part its words by spaces for itself.
CREATE OR REPLACE MACRO core.search_words(text) AS
    regexp_extract_all(
        lower(strip_accents(text)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]|[\p{L}\p{M}\p{N}]+'
    );
