-- One row: the template that is in force for one site: the latest that was not retired. Read by the cleaner.
CREATE OR REPLACE VIEW report.templates_in_force AS
SELECT site, version, learned_at, page_count, body
FROM core.templates
WHERE retired_at IS NULL
QUALIFY row_number() OVER (PARTITION BY site ORDER BY learned_at DESC, version) = 1;
