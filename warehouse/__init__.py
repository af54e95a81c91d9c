"""Where: the DuckDB warehouse. Imports nothing of ours; the only package that imports `duckdb`."""
