-- One row: whether the index holds more or fewer articles than there are. Read by: warehouse/search.py
SELECT (SELECT count(*) FROM core.articles) <> (SELECT count(*) FROM core.search_documents) AS lacks;
