-- All postings of articles that are still there, in order. Read by: warehouse/search.py
CREATE OR REPLACE TEMP TABLE search_sorted AS
SELECT p.term, p.doc, p.uses
FROM core.search_postings AS p
SEMI JOIN core.search_documents AS d ON d.doc = p.doc
ORDER BY p.term, p.doc;
