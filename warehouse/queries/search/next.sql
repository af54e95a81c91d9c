-- One row: the number of the next article in the index: above every number that a posting still bears, or words of an
-- article that is gone would become the new one's. Read by: warehouse/search.py
SELECT 1 + greatest(
    (SELECT coalesce(max(doc), 0) FROM core.search_documents), (SELECT coalesce(max(doc), 0) FROM core.search_postings)
) AS doc;
