"""Stored pages through the cleaner, and what they leave: the part of `extract` and `replay` that needs no Prefect.

rows of raw.pages ──read from WARC──▶ clean on several processes ──▶ compare with what is stored ──▶ rows by table
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from tasks.frames import frame
from tasks.page.hinted import Hint, hinted
from tasks.page.landing import Landing, Row, Stored, StoredPage, identify, landing
from tasks.page.many import RawPage, clean_many
from tasks.page.template import from_row
from tasks.page.version import CLEANER_VERSION
from tasks.records import Article, Failure, Reject, Rejecting, Template
from tasks.refusals import Refusals
from tasks.shelf import RAW
from tasks.web.warc import read

TABLES = (
    "core.articles",
    "core.article_versions",
    "core.blocks_removed",
    "core.evidence",
    "core.extractions",
    "core.live_entries",
)
GROUPED = ("core.blocks_removed", "core.evidence")
"""Tables whose rows are those of an article's present wording, replaced together."""
WORTH_PROCESSES = 300
"""Pages below which starting processes costs more than they save: two seconds for two, against 10 ms a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """A stored page, what the cleaner made of it, and the version of the template that was used."""

    page: StoredPage
    result: Article | Reject
    template_version: str | None = None
    is_read: bool = True
    """Whether its record could be read from the archive; what could not is a reject, and no word on the page."""

    @property
    def article_id(self) -> str | None:
        """The article that the page shows, if it shows one."""
        return None if isinstance(self.result, Reject) else identify(self.page, self.result)


def clean(home: Path, due: pl.DataFrame, *, jobs: int, refused: Refusals | None = None) -> list[Cleaned]:
    """Return each page of `due` (rows of `pages_due`) with what the cleaner makes of it, in the order of `due`.

    A page that turns out to be an article that was erased is a reject.
    """
    pages = {row["page_id"]: row for row in due.iter_rows(named=True)}
    templates = {row["site"]: from_row(row) for row in due.unique("site").iter_rows(named=True) if row["template_body"]}
    unread: dict[str, Reject] = {}

    def raw_pages() -> Iterator[RawPage]:
        for row in due.sort("warc_file", "warc_offset").iter_rows(named=True):
            page = read(home / RAW / row["warc_file"], row["warc_offset"], row["warc_length"])
            if isinstance(page, Failure):
                unread[row["page_id"]] = Reject(url=row["url"], reason=Rejecting.EMPTY, detail=page.detail)
                continue
            yield RawPage(id=row["page_id"], url=row["final_url"], html=page.body, template=templates.get(row["site"]))

    results = dict(clean_many(raw_pages(), jobs=jobs if due.height >= WORTH_PROCESSES else 1, finish=_as_pair))
    cleaned = [_cleaned(row, results, unread, templates) for row in pages.values()]
    return cleaned if refused is None else [_unless_refused(one, refused) for one in cleaned]


def _unless_refused(one: Cleaned, refused: Refusals) -> Cleaned:
    if one.article_id is None or not refused.covers_article(one.article_id):
        return one
    reject = Reject(url=one.page.url, reason=Rejecting.FORGOTTEN, detail="its article was erased")
    return replace(one, result=reject)


def land_in_order(cleaned: Iterable[Cleaned], known: Mapping[str, Stored], *, run_id: str) -> Iterator[Landing]:
    """Yield what each page leaves, later pages of an article seeing the earlier ones."""
    latest = dict(known)
    for one in cleaned:
        left = landing(
            one.page,
            one.result,
            latest.get(one.article_id or ""),
            run_id=run_id,
            cleaner_version=CLEANER_VERSION,
            template_version=one.template_version,
        )
        if left.stored is not None:
            latest[left.stored.article_id] = left.stored
        yield left


def frames_of(landings: Iterable[Landing]) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Return the rows of all landings by table, and the articles that the grouped tables' rows speak for.

    Of an article that several pages wrote, only the last page's blocks and evidence count.
    """
    landed = list(landings)
    latest = {article: n for n, one in enumerate(landed) for article in _written(one)}
    rows = {table: [row for one in landed for row in one.rows.get(table, ())] for table in TABLES}
    for table in GROUPED:
        rows[table] = [row for n in sorted(set(latest.values())) for row in landed[n].rows.get(table, ())]
    written = pl.DataFrame({"article_id": list(latest)}, schema={"article_id": pl.String})
    groups = dict.fromkeys(GROUPED, written) if latest else {}
    return {table: frame(found) for table, found in rows.items()}, groups


def stored_articles(rows: pl.DataFrame) -> dict[str, Stored]:
    """Return the rows of `articles_stored` by article."""
    return {
        row["article_id"]: Stored(**{**row, "changes": tuple(row["changes"])}) for row in rows.iter_rows(named=True)
    }


def ids_of(cleaned: Iterable[Cleaned]) -> pl.DataFrame:
    """Return the articles that the pages show: article_id."""
    ids = {one.article_id for one in cleaned} - {None}
    return pl.DataFrame({"article_id": sorted(filter(None, ids))}, schema={"article_id": pl.String})


def _as_pair(page: RawPage, result: Article | Reject) -> tuple[str, Article | Reject]:
    return page.id, result


def _cleaned(
    row: Row,
    results: Mapping[str, Article | Reject],
    unread: Mapping[str, Reject],
    templates: Mapping[str, Template],
) -> Cleaned:
    name = row["page_id"]
    template = templates.get(row["site"])
    names = ("page_id", "url", "final_url", "source_name", "outlet", "fetched_at")
    result = unread[name] if name in unread else results[name]
    hint = Hint(title=row["hint_title"], published_at=row["hint_published_at"], section=row["hint_section"])
    return Cleaned(
        page=StoredPage(**{field: row[field] for field in names}),
        result=hinted(result, hint) if isinstance(result, Article) else result,
        template_version=template.version if template else None,
        is_read=name not in unread,
    )


def _written(one: Landing) -> list[str]:
    return [row["article_id"] for row in one.rows.get("core.articles", ())]
