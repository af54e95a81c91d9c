-- Sorted by term, so that a word is looked for in few row groups. Two words with one number become one.
-- Read by: warehouse/search.py
INSERT INTO core.search_postings
SELECT term, doc, max(uses)
FROM temp.search_words
GROUP BY term, doc
ORDER BY term, doc;
