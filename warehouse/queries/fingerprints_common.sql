-- One row: one fingerprint that so many stories share that it counts for nothing.
-- Read by: flows/cli/explain.py
SELECT hash FROM core.common_fingerprints;
