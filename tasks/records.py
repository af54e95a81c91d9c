"""The records that travel along the path, one per hop.

    Source ──▶ Candidate ──▶ Page | Failure ──▶ Article | Reject ──▶ DuplicatePair ──▶ ClusterMember

All are frozen: a stage returns a new record and never fills in an earlier one. Instants are aware datetimes in UTC.
A `None` means "not known", never "empty". Reasons are fixed vocabularies, stored and counted in `ops.outcomes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a source's location holds."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    HOME = "home"
    URLS = "urls"
    WARC = "warc"
    FOLDER = "folder"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One declared place where articles are found. `location` is a URL, or a path for `warc`, `folder` and `urls`."""

    name: str
    kind: Kind
    location: str
    outlet: str | None = None
    language: str | None = None
    country: str | None = None
    tags: tuple[str, ...] = ()
    is_enabled: bool = True
    include: tuple[str, ...] = ()
    """Regular expressions; when given, only URLs that match one are candidates."""
    exclude: tuple[str, ...] = ()
    """Regular expressions; URLs that match one are skipped."""
    link_selector: str | None = None
    """CSS selector, or XPath when it begins with `/` or `(`, of the article links of a listing page."""
    allow_private: bool = False
    """Whether addresses of private networks and of this machine may be contacted."""
    allow_other_hosts: bool = False
    """Whether candidates on hosts of another site than `location` are kept."""
    min_interval_seconds: float | None = None
    """Shortest time between two requests to one host; `None`: the run's default."""
    max_pages: int | None = None
    """Most pages fetched in one run; `None`: the run's default."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What every verb of one run is told."""

    run_id: str
    home: Path
    started_at: datetime
    deadline_at: datetime
    """No request starts later; what is left is due in the next run."""
    user_agent: str
    workers: int
    min_interval_seconds: float
    max_pages: int
    jobs: int
    only_due: bool
    """Whether sources rest until their next poll is due; a run called by hand polls them all."""
    flow: str = "ingest"
    """The flow that runs: `ingest`, `replay` or `backfill`."""
    copies_window_days: float = 0.0
    """Articles published further apart are not compared as copies; 0: however far."""


class Skip(StrEnum):
    """Why a discovered URL is not fetched."""

    KNOWN = "already_stored"
    TRIED = "already_tried"
    SAME = "same_article"
    EXCLUDED = "excluded_by_rule"
    OTHER_SITE = "other_site"
    ADVERTISEMENT = "advertisement"
    NOT_HTTP = "not_http"
    TOO_LONG = "url_too_long"
    OVER_BUDGET = "over_budget"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A URL that may be an article, with what its finding place says about it."""

    url: str
    source: str
    found_in: str
    """The feed, sitemap, page or file that named it."""
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    language: str | None = None


class Failing(StrEnum):
    """Why a URL yielded no page."""

    ROBOTS = "robots_disallow"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    ADDRESS = "private_address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "connection_reset"
    TRUNCATED = "truncated_transfer"
    TOO_LARGE = "too_large"
    BOMB = "decompression_bomb"
    ENCODING = "bad_content_encoding"
    REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    BAD_REDIRECT = "bad_redirect"
    HEADERS = "headers_too_large"
    BAD_URL = "bad_url"
    CLIENT_ERROR = "http_4xx"
    GONE = "http_gone"
    RATE_LIMITED = "http_429"
    SERVER_ERROR = "http_5xx"
    PROTOCOL = "http_protocol"
    UNREADABLE = "unreadable_file"
    DEADLINE = "run_deadline"


class Weight(StrEnum):
    """How much a failure counts against its host (after Media Cloud's failure units)."""

    SOFT = "soft"
    HARD = "hard"
    TEMPORARY = "temporary"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A URL that yielded no page, and why."""

    url: str
    reason: Failing
    detail: str
    weight: Weight = Weight.HARD
    status: int | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One response that was received whole, as it came (after transfer and content decoding)."""

    url: str
    """As requested first, before redirects."""
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    """Every URL of the redirect chain in order, `url` first and `final_url` last; empty without a redirect."""


class Ending(StrEnum):
    """What becomes of one URL in one run: exactly one of these."""

    NEW = "article_new"
    CHANGED = "article_changed"
    UNCHANGED = "article_unchanged"
    REJECT = "reject"
    FAILURE = "failure"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one URL in one run, and why."""

    url: str
    source_name: str
    outcome: Ending
    reason: str | None = None
    detail: str | None = None
    page_id: str | None = None
    article_id: str | None = None


class Rejecting(StrEnum):
    """Why a stored page is not an article."""

    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NO_TEXT = "no_main_text"
    TOO_SHORT = "too_short"
    SECTION_FRONT = "section_front"
    CONSENT_WALL = "consent_wall"
    CAPTCHA = "captcha"
    PAYWALL = "paywall_stub"
    SOFT_404 = "soft_404"
    SCRIPT_SHELL = "script_shell"
    MEDIA = "media_stub"
    BROKEN = "unparsable"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    """A stored page that is not an article, and why."""

    url: str | None
    reason: Rejecting
    detail: str


class Removing(StrEnum):
    """Why a visible block of a page is not part of its article."""

    OUTSIDE = "outside_article"
    NAVIGATION = "navigation"
    TITLE = "title"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATE = "date"
    CAPTION = "caption"
    RELATED = "related"
    TEASER = "teaser"
    SOURCE_LINK = "source_link"
    SIGN_UP = "sign_up"
    SHARE = "share"
    TAGS = "tags"
    BIO = "author_bio"
    COMMENTS = "comments"
    LEGAL = "legal"
    ADVERTISEMENT = "advertisement"
    CONSENT = "consent"
    TEMPLATE = "template"
    DUPLICATE = "repeated_text"
    CLASSIFIER = "classifier"


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """One visible block of the page that was left out of the article."""

    position: int
    """Index among the page's visible blocks, in document order."""
    text: str
    reason: Removing
    score: float
    """The cleaner's estimate, 0 to 1, that the block is part of the article."""


class BlockKind(StrEnum):
    """What a block of the article's body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_ROW = "table_row"
    CODE = "code"
    CAPTION = "caption"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One block of the article's body. `level` is a heading's (1–6) or a list item's depth (from 1), else 0."""

    position: int
    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What speaks for a field's value: a wire origin, a date, an author."""

    field: str
    value: str
    kind: str
    """Where it was seen: `json_ld`, `meta`, `microdata`, `dateline`, `byline`, `credit`, `link`, `url`, `text`, …"""
    text: str
    """The words it was read from, at most 300 characters."""
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of a live blog. Its id stays the same from poll to poll."""

    id: str
    published_at: datetime | None
    title: str | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """The article of a page, and nothing else of it. Field names follow schema.org's NewsArticle in snake case."""

    url: str | None
    canonical_url: str | None
    title: str | None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_at_source: str | None = None
    """Where the date was read: `json_ld`, `meta`, `microdata`, `time`, `url`, `text` or `state` (the page's own script
    state); with `_day` appended when only the day is known."""
    published_offset_minutes: int | None = None
    """The zone in which the outlet wrote the date, as minutes east of UTC: its calendar day may be another one."""
    modified_at: datetime | None = None
    language: str | None = None
    """ISO 639-1 code."""
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    image_url: str | None = None
    publisher: str | None = None
    dateline: str | None = None
    wire_agency: str | None = None
    is_based_on_url: str | None = None
    is_accessible_for_free: bool | None = None
    license: str | None = None
    text: str
    """The body: blocks joined by one blank line."""
    word_count: int
    blocks: tuple[Block, ...] = ()
    removed: tuple[Removed, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    entries: tuple[Entry, ...] = ()
    """Of a live blog, the oldest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """What a site's pages have in common, learned from stored pages: furniture, not article."""

    site: str
    version: str
    learned_at: datetime
    page_count: int
    texts: frozenset[int]
    """64-bit hashes of block texts that return on different articles of the site."""
    signatures: Mapping[str, float]
    """Structural signature of a block (tags and classes of it and its ancestors) → share of body among its blocks."""


class Relation(StrEnum):
    """How two documents share their words. A `contains` pair reads: A holds B."""

    EXACT = "exact"
    NEAR = "near"
    CONTAINS = "contains"
    UPDATES = "updates"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A text as the duplicate finder sees it."""

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    is_wire: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplicatePair:
    """Two documents that report with the same words. `similarity` and `containment` lie between 0 and 1."""

    id_a: str
    id_b: str
    relation: Relation
    similarity: float
    """Weighted share of both documents' words that they have in common (Jaccard)."""
    containment: float
    """Weighted share of the smaller document's words that the other one holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterMember:
    """A document's place in its story. `canonical_reason` tells, on the canonical member, why it was chosen."""

    id: str
    cluster_id: str
    is_canonical: bool
    canonical_reason: str | None = None
