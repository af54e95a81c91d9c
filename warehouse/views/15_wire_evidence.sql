-- One row: one piece of evidence that an article came from a news agency or from another outlet. Read by analysts.
CREATE OR REPLACE VIEW report.wire_evidence AS
SELECT article_id, field, value, kind, text, confidence
FROM core.evidence
WHERE field IN ('wire_agency', 'wire_contribution', 'dateline', 'is_based_on_url');
