-- The first tables. Layers: `raw` what the world sent, `core` what we made of it, `ops` what happened, `report` views.
-- No primary keys and no indexes: rows are merged by key in one statement (warehouse/store.py), which is faster and
-- survives a kill; the keys are declared in warehouse/keys.toml and checked by warehouse/checks/.
--
-- Long text is stored with zstd. Measured on 60,000 articles (148 MB of text): 59 MB instead of 193 MB, as DuckDB leaves
-- long strings uncompressed of its own accord in this storage version; the copy for readers is as much cheaper. Price:
-- twice the time to insert, 1.5 times to scan, and 0.1 s to fetch a few rows (join a table of keys, never a long IN).
-- Short text is left to DuckDB, whose dictionaries fit it.

CREATE SCHEMA IF NOT EXISTS raw;
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS ops;
CREATE SCHEMA IF NOT EXISTS report;

-- One row: one URL named by one source. Key: source_name, url.
CREATE TABLE raw.candidates (
    source_name VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    found_in VARCHAR NOT NULL,
    title VARCHAR,
    published_at TIMESTAMPTZ,
    modified_at TIMESTAMPTZ,
    section VARCHAR,
    language VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL
);

-- One row: one request that was sent, redirects and robots.txt included. Key: fetch_id.
CREATE TABLE raw.fetches (
    fetch_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    source_name VARCHAR,
    purpose VARCHAR NOT NULL,
    asked_url VARCHAR NOT NULL,
    hop INTEGER NOT NULL,
    url VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    status INTEGER,
    location VARCHAR,
    outcome VARCHAR NOT NULL,
    robots VARCHAR,
    started_at TIMESTAMPTZ NOT NULL,
    elapsed_ms DOUBLE,
    interval_ms DOUBLE,
    wire_bytes BIGINT,
    body_bytes BIGINT,
    remote_address VARCHAR,
    is_conditional BOOLEAN NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR
);

-- One row: one stored response. Key: page_id.
CREATE TABLE raw.pages (
    page_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    source_name VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    host VARCHAR NOT NULL,
    site VARCHAR NOT NULL,
    status INTEGER NOT NULL,
    content_type VARCHAR,
    fetched_at TIMESTAMPTZ NOT NULL,
    body_digest VARCHAR NOT NULL,
    body_bytes BIGINT NOT NULL,
    warc_file VARCHAR NOT NULL,
    warc_offset BIGINT NOT NULL,
    warc_length BIGINT NOT NULL,
    redirects VARCHAR[],
    rights JSON
);

-- One row: the robots.txt of one origin (scheme, host and port), as last answered. Key: origin.
CREATE TABLE raw.robots (
    origin VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    status INTEGER,
    access VARCHAR NOT NULL,
    body BLOB
);

-- One row: one article, which is one canonical URL. Key: article_id.
CREATE TABLE core.articles (
    article_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    source_name VARCHAR NOT NULL,
    title VARCHAR,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMPTZ,
    published_at_source VARCHAR,
    published_offset_minutes INTEGER,
    modified_at TIMESTAMPTZ,
    language VARCHAR,
    section VARCHAR,
    tags VARCHAR[] NOT NULL,
    description VARCHAR,
    image_url VARCHAR,
    publisher VARCHAR,
    dateline VARCHAR,
    wire_agency VARCHAR,
    is_based_on_url VARCHAR,
    is_accessible_for_free BOOLEAN,
    license VARCHAR,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    block_kinds VARCHAR[] NOT NULL,
    word_count INTEGER NOT NULL,
    content_hash VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    cleaner_version VARCHAR NOT NULL,
    template_version VARCHAR,
    first_run_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL
);

-- One row: one wording of one article. Key: article_id, version. The words of the wording in force are the article's own,
-- and stored there alone: `report.versions` shows them all.
CREATE TABLE core.article_versions (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ,
    changes VARCHAR[] NOT NULL,
    title VARCHAR,
    text VARCHAR USING COMPRESSION zstd,
    content_hash VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    cleaner_version VARCHAR NOT NULL
);

-- One row: one visible block left out of one article. Key: article_id, position.
CREATE TABLE core.blocks_removed (
    article_id VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    cleaner_version VARCHAR NOT NULL,
    template_version VARCHAR
);

-- One row: what the cleaner made of one stored page. Key: page_id.
CREATE TABLE core.extractions (
    page_id VARCHAR NOT NULL,
    article_id VARCHAR,
    reject VARCHAR,
    detail VARCHAR,
    cleaner_version VARCHAR NOT NULL,
    template_version VARCHAR
);

-- One row: one piece of evidence for a field of an article. Key: article_id, field, kind, value.
CREATE TABLE core.evidence (
    article_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL
);

-- One row: one entry of one live blog, in its latest wording. Key: article_id, entry_id.
CREATE TABLE core.live_entries (
    article_id VARCHAR NOT NULL,
    entry_id VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    title VARCHAR,
    text VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL
);

-- One row: one template of one site. Key: site, version.
CREATE TABLE core.templates (
    site VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    learned_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ,
    page_count INTEGER NOT NULL,
    body JSON NOT NULL
);

-- One row: one fingerprint of one article, until it grows common. In append order: joins scan it. Key: hash, doc.
CREATE TABLE core.fingerprints (
    hash UINTEGER NOT NULL,
    doc INTEGER NOT NULL
);

-- One row: one article that the duplicate finder has taken in, by the small number it gave it. Key: doc.
CREATE TABLE core.fingerprint_documents (
    doc INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    wording UINTEGER NOT NULL,
    text_hash UINTEGER NOT NULL,
    size INTEGER NOT NULL,
    word_count INTEGER NOT NULL,
    outlet VARCHAR,
    published_at TIMESTAMPTZ,
    is_wire BOOLEAN NOT NULL
);

-- One row: one fingerprint that so many unrelated articles share that it speaks for none of them. Key: hash.
CREATE TABLE core.common_fingerprints (
    hash UINTEGER NOT NULL
);

-- One row: one pair of articles that was compared, a copy or not. Key: doc_a, doc_b.
CREATE TABLE core.compared_pairs (
    doc_a INTEGER NOT NULL,
    doc_b INTEGER NOT NULL,
    shared SMALLINT NOT NULL,
    needed SMALLINT NOT NULL,
    is_kin BOOLEAN NOT NULL
);

-- One row: one pair of articles that report with the same words. Key: article_id_a, article_id_b.
CREATE TABLE core.duplicate_pairs (
    article_id_a VARCHAR NOT NULL,
    article_id_b VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    similarity DOUBLE NOT NULL,
    containment DOUBLE NOT NULL,
    containment_larger DOUBLE,
    probability DOUBLE,
    longest_run_words INTEGER,
    figures_differing DOUBLE,
    names_differing DOUBLE,
    hours_apart DOUBLE,
    is_same_outlet BOOLEAN,
    passages INTEGER[],
    is_a_smaller BOOLEAN,
    run_id VARCHAR NOT NULL
);

-- One row: one article's place in its story. Key: article_id.
CREATE TABLE core.clusters (
    article_id VARCHAR NOT NULL,
    cluster_id VARCHAR NOT NULL,
    is_canonical BOOLEAN NOT NULL,
    canonical_reason VARCHAR
);

-- One row: one run of a flow. Key: run_id.
CREATE TABLE ops.runs (
    run_id VARCHAR NOT NULL,
    flow VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    headline VARCHAR,
    sources INTEGER,
    candidates INTEGER,
    fetched INTEGER,
    articles_new INTEGER,
    articles_changed INTEGER,
    copies INTEGER,
    seconds DOUBLE,
    peak_memory_mb DOUBLE
);

-- One row: what became of one URL in one run. Key: run_id, url.
CREATE TABLE ops.outcomes (
    run_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source_name VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    detail VARCHAR,
    page_id VARCHAR,
    article_id VARCHAR,
    "at" TIMESTAMPTZ NOT NULL
);

-- One row: what became of one source in one run. Key: run_id, source_name.
CREATE TABLE ops.source_runs (
    run_id VARCHAR NOT NULL,
    source_name VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    detail VARCHAR,
    candidates INTEGER NOT NULL,
    candidates_new INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    "at" TIMESTAMPTZ NOT NULL
);

-- One row: what is remembered of one source between runs. Key: source_name.
CREATE TABLE ops.source_state (
    source_name VARCHAR NOT NULL,
    location VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    outlet VARCHAR,
    polled_at TIMESTAMPTZ,
    next_poll_at TIMESTAMPTZ,
    last_success_at TIMESTAMPTZ,
    last_new_at TIMESTAMPTZ,
    failure_units DOUBLE NOT NULL,
    rhythm JSON
);

-- One row: what is remembered of one URL between runs, to ask again politely. Key: url.
CREATE TABLE ops.url_state (
    url VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    last_outcome VARCHAR NOT NULL,
    last_attempt_at TIMESTAMPTZ NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    etag VARCHAR,
    last_modified VARCHAR,
    body_digest VARCHAR
);

-- One row: what is remembered of one host between runs, to ask it politely. Key: host.
CREATE TABLE ops.hosts (
    host VARCHAR NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    latency_seconds DOUBLE NOT NULL,
    slowdown DOUBLE NOT NULL,
    crawl_delay_seconds DOUBLE,
    silent_until TIMESTAMPTZ,
    failure_units DOUBLE NOT NULL
);

-- One row: one committed load. Key: load_id.
CREATE TABLE ops.loads (
    load_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    verb VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    rows BIGINT NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL
);

-- One row: one check of one run. Key: run_id, name.
CREATE TABLE ops.checks (
    run_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    failing BIGINT NOT NULL,
    sample VARCHAR,
    checked_at TIMESTAMPTZ NOT NULL
);

-- One row: one erasure. Key: kind, subject_hash. Holds no text that was erased.
CREATE TABLE ops.forgotten (
    kind VARCHAR NOT NULL,
    subject_hash VARCHAR NOT NULL,
    forgotten_at TIMESTAMPTZ NOT NULL,
    rows BIGINT NOT NULL,
    certificate JSON
);

-- One row: one migration that was applied; number 0 stands for the views and comments. Key: number.
CREATE TABLE ops.migrations (
    number INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);

-- One row: one failing check that a person has looked at and let pass, up to that many rows. Key: name.
CREATE TABLE ops.releases (
    name VARCHAR NOT NULL,
    failing BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    released_at TIMESTAMPTZ NOT NULL
);

-- One row: one article in the search index. Key: doc. An article that changed gets a new number, so that its old
-- postings lead nowhere until `maintain` sweeps them out.
CREATE TABLE core.search_documents (
    doc UINTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    title VARCHAR,
    published_at TIMESTAMPTZ,
    content_hash VARCHAR NOT NULL,
    length UINTEGER NOT NULL,
    is_sorted BOOLEAN NOT NULL
);

-- One row: one article that was landed since the search index was last brought up to date. An article may be there twice.
CREATE TABLE core.search_due (
    article_id VARCHAR NOT NULL
);

-- One row: one word of one article. Key: term, doc.
CREATE TABLE core.search_postings (
    term UINTEGER NOT NULL,
    doc UINTEGER NOT NULL,
    uses UTINYINT NOT NULL
);
