-- One row: one article that holds all the words, best first. Read by: warehouse/search.py
SELECT * FROM report.search($words, since := $since, outlet_name := $outlet, most := $most);
