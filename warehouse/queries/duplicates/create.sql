-- The tables of the duplicate finder, as a migration makes them; here for benchmarks and tests.
-- One row: one fingerprint of one story, under the first of its documents that has it. Append order; no index: joins scan.
CREATE TABLE IF NOT EXISTS core.fingerprints (
    hash UINTEGER NOT NULL,
    doc INTEGER NOT NULL
);

-- One row: one article that the duplicate finder has taken in, by the small number it gave it. Key: doc.
CREATE TABLE IF NOT EXISTS core.fingerprint_documents (
    doc INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    story INTEGER NOT NULL,
    size INTEGER NOT NULL,
    word_count INTEGER NOT NULL,
    outlet VARCHAR,
    published_at TIMESTAMPTZ,
    is_wire BOOLEAN NOT NULL
);

-- One row: one fingerprint that so many stories share that it speaks for none of them. Key: hash.
CREATE TABLE IF NOT EXISTS core.common_fingerprints (
    hash UINTEGER NOT NULL
);
