"""Erasure as a whole: what `warehouse.forget` does to the tables, and everything around it, so that a kill leaves none.

    subject ──▶ plan (written down) ──▶ archives ──▶ tables and read copy ──▶ stories ──▶ exports, reports, the rest
                                                                     ──▶ proof by search ──▶ certificate; plan removed

The plan is a file in the home folder: it names what is to be erased, so it goes as soon as everything else has gone. A
killed erasure is finished by the next one, whatever that one's own subject is. Each step can be done twice.

An archive file is written anew under another name; then the places of its records change in one transaction, and the
old file goes last. A record of an erased address is dropped, a list that names one is dropped, and in a stored page of
another article that links to one the address is blotted out.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from tasks.exporting import renew
from tasks.placing import place
from tasks.reports import write_report
from tasks.shelf import RAW
from tasks.web import warc_erase, warc_record
from tasks.web.urls import canonical
from tasks.web.warc_record import Record
from warehouse.checks import check
from warehouse.connection import writing
from warehouse.forget import Certificate, Forgotten, Kind, certify, forget, preview, relocate, subject_hash
from warehouse.lock import locked
from warehouse.places import Places
from warehouse.publish import publish
from warehouse.queries import ask
from warehouse.store import erase
from warehouse.traces import traces
from warehouse.transaction import transaction

PLAN = "erasure.json"
"""The file that says what is being erased, while it is."""
MOST_NEEDLES = 200
"""Words searched for in the proof: enough to trust it, few enough to search a large home folder."""
LEAST_PASSAGE = 40
"""Characters of a sentence that is searched for: shorter ones stand in other texts by chance."""
PLACED_AT_ONCE = 4000
RUN_LOCK = "run.lock"
TEXT_SUFFIXES = frozenset({".log", ".json", ".jsonl", ".csv", ".txt", ".html", ".md"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is being erased: the subject, every address that belongs to it, and the words that must be nowhere."""

    kind: str
    subject: str
    urls: tuple[str, ...]
    needles: tuple[str, ...]
    articles: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What came of it."""

    articles: int
    rows: int
    records: int
    exports: int
    proof: Certificate
    certificate: Path | None


def planned(home: Path, kind: Kind, subject: str) -> Plan:
    """Return what an erasure would reach; nothing is written."""
    named = canonical(subject) if kind is Kind.URL else subject.strip()
    extra = [subject.strip()] if kind is Kind.URL else []
    with writing(home, who="forget") as con:
        if kind is Kind.OUTLET:
            extra += ask(con, "forget/of_host", host=named)["url"].to_list()
        subjects = list(dict.fromkeys((named, *extra)))
        doomed = preview(con, kind, subjects if kind is Kind.URL else [named])
        frame = pl.DataFrame({"subject": subjects}, schema={"subject": pl.String})
        pages = ask(con, "forget/pages", doomed=doomed, subjects=frame)
        urls = ask(con, "forget/urls", doomed=doomed, subjects=frame, pages=pages)["url"].to_list()
        passages = _passages(con, doomed)
    urls = sorted({*urls, *(one for one in extra if "://" in one), *([named] if kind is Kind.URL else [])})
    words = [named] if kind is Kind.TEXT else []
    return Plan(kind=kind.value, subject=named, urls=tuple(urls), needles=(*words, *passages), articles=doomed.height)


def erase_all(home: Path, plan: Plan, *, now: datetime) -> Erasure:
    """Erase what the plan names, and what an earlier plan named that was not finished; return what came of it."""
    with locked(home, who="forget", wait_seconds=0, name=RUN_LOCK):
        unfinished = _read_plan(home)
        if unfinished is not None and unfinished.subject != plan.subject:
            _erased(home, unfinished, now)
        elif unfinished is not None:
            both = (*unfinished.needles, *plan.needles)
            plan = Plan(**{**asdict(plan), "urls": _joined(unfinished.urls, plan.urls), "needles": _joined(both)})
        return _erased(home, plan, now)


def _erased(home: Path, plan: Plan, now: datetime) -> Erasure:
    _write_plan(home, plan)
    elsewhere: set[str] = set()
    old = [*_archives_rewritten(home, plan, elsewhere)]
    forgotten = _forgotten(home, plan, [url for each in old for url in each.pages], now)
    for each in old:
        each.path.unlink(missing_ok=True)
    _stories(home, now)
    exports = renew(home)
    if Places(home).read.exists() and (home / "reports").is_dir():
        write_report(home)
    needles = tuple(needle for needle in _needles(home, plan) if needle not in elsewhere)
    _sweep(home, needles)
    (home / PLAN).unlink(missing_ok=True)
    proof = certify(home, forgotten, needles, now=now)
    records = sum(each.records for each in old)
    made = _certificate(home, plan, forgotten, proof, records=records, exports=exports, now=now)
    if proof.is_clean and Places(home).read.exists():
        _published(home, now)
    return Erasure(
        articles=max(plan.articles, len(forgotten.article_ids)),
        rows=forgotten.row_count,
        records=records,
        exports=exports,
        proof=proof,
        certificate=made,
    )


def _forgotten(home: Path, plan: Plan, pages: list[str], now: datetime) -> Forgotten:
    """Erase from the tables: the subject, and then the addresses that belong to it without being articles."""
    kind = Kind(plan.kind)
    first = forget(home, kind, (plan.subject, *plan.urls) if kind is Kind.URL else (plan.subject,), now=now)
    rest = plan.urls if kind is Kind.OUTLET else tuple(pages) if kind is Kind.TEXT else ()
    if kind is Kind.OUTLET:
        with writing(home, who="forget") as con:
            erase(con, "raw.robots", ask(con, "forget/robots", host=plan.subject))
    if not rest:
        return first
    second = forget(home, Kind.URL, rest, now=now)
    rows = {name: first.rows.get(name, 0) + second.rows.get(name, 0) for name in (*first.rows, *second.rows)}
    return replace(first, article_ids=(*first.article_ids, *second.article_ids), rows=rows)


# -- archives -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Old:
    """An archive file that was written anew, how many records went or were blotted, and the pages among the former."""

    path: Path
    records: int
    pages: tuple[str, ...]


def _archives_rewritten(home: Path, plan: Plan, elsewhere: set[str]) -> Iterator[_Old]:
    """Write every archive file that holds something to be erased anew, and yield the old ones.

    Sentences of the erased articles that stand in records which stay (a copy, a teaser) are added to `elsewhere`.
    """
    sentences: dict[str, bytes] = {
        one: one.encode() for one in plan.needles if plan.kind != Kind.TEXT or one != plan.needles[0]
    }

    urls, words, blot = frozenset(plan.urls), _words(plan), _blotter(plan)

    def verdict(purposes: dict[int, str], offset: int, record: Record) -> Record | None:
        left = _verdict(urls, words, blot, purposes, offset, record)
        if left is not None:
            elsewhere.update(one for one, spelt in sentences.items() if spelt in left.block)
        return left

    for path in sorted((home / RAW).glob("*.warc.gz")):
        with writing(home, who="forget") as con:
            rows, done = (ask(con, "forget/records", file=n) for n in (path.name, warc_erase.next_name(path.name)))
        if done.height:  # a killed erasure came as far as this: what still points to the old file was dropped
            left = rows.filter(pl.col("purpose") == "page")
            yield _Old(path=path, records=rows.height, pages=tuple(left["url"]))
            continue
        purposes = dict(zip(rows["warc_offset"], rows["purpose"], strict=True))
        erased = warc_erase.erase(path, partial(verdict, purposes))
        if erased is None:
            continue
        _point_to(home, rows, erased)
        pages = rows.filter(~pl.col("warc_offset").is_in(list(erased.moved)), pl.col("purpose") == "page")
        yield _Old(path=path, records=len(erased.dropped) + len(erased.blotted), pages=tuple(pages["url"]))


def _verdict(
    urls: frozenset[str],
    words: re.Pattern[bytes],
    blot: Callable[[bytes], bytes],
    purposes: dict[int, str],
    offset: int,
    record: Record,
) -> Record | None:
    """Keep, blot or drop: a record of an erased address or text goes, and a list or answer that names an address."""
    if record.fields.get("warc-type") == "warcinfo":
        return record
    named = warc_record.urls(record)
    if named & urls or {canonical(url) for url in named if "://" in url} & urls:
        return None
    if words.search(record.block):
        return None
    left = warc_erase.blotted_out(record, blot)
    return left if left is record or purposes.get(offset) == "page" else None


def _words(plan: Plan) -> re.Pattern[bytes]:
    """Return what finds the erased text in a record, in the spellings that markup has for it; else nothing."""
    sought = [spelt for needle in plan.needles[:1] for spelt in _spellings(needle)] if plan.kind == Kind.TEXT else []
    return re.compile(b"|".join(map(re.escape, sought)) or rb"(?!)", re.IGNORECASE)


def _blotter(plan: Plan) -> Callable[[bytes], bytes]:
    """Return what writes `x` over every erased address, in the spellings that markup has for it."""
    known = {spelt for url in plan.urls for spelt in _spellings(url)}
    hosts = sorted({re.escape(url.split("/")[2]) for url in plan.urls if url.count("/") >= 2})
    address = re.compile(rb"https?://(?:" + "|".join(hosts).encode() + rb")[^\s\"'<>\\)\]]*" if hosts else rb"(?!)")
    return lambda block: address.sub(
        lambda found: b"x" * len(found[0]) if _is_known(found[0], known) else found[0], block
    )


def _is_known(address: bytes, known: set[bytes]) -> bool:
    shorter = re.split(rb"[?#]|&amp;", address)[0]
    return any(one in known for one in (address, shorter, address.rstrip(b".,;:!/"), shorter.rstrip(b".,;:!/")))


def _spellings(text: str) -> set[bytes]:
    forms = {text, html.escape(text), html.escape(text, quote=False), json.dumps(text)[1:-1]}
    spelt = {form.encode("utf-8", "surrogatepass") for form in forms}
    with suppress(UnicodeEncodeError):
        spelt.add(text.encode("cp1252"))
    return spelt | {one.rstrip(b"/") for one in spelt if one.startswith(b"http") and one.count(b"/") > 3}


def _point_to(home: Path, rows: pl.DataFrame, erased: warc_erase.Erased) -> None:
    """Let the index point into the new file; lists and refused answers that went leave it."""
    places = [
        {"page_id": row["page_id"], "warc_file": to.file, "warc_offset": to.offset, "warc_length": to.length}
        for row in rows.iter_rows(named=True)
        if (to := erased.moved.get(row["warc_offset"])) is not None
    ]
    gone = rows.filter(~pl.col("warc_offset").is_in(list(erased.moved)), pl.col("purpose") != "page")
    with writing(home, who="forget") as con, transaction(con):
        if places:
            relocate(con, pl.DataFrame(places))
        erase(con, "raw.pages", gone.select("page_id"))


# -- what follows from the tables ---------------------------------------------------------------------------------


def _stories(home: Path, now: datetime) -> None:
    """Give the articles that lost their story a new place, and let readers have it when every check passes."""
    run_id = f"forget-{now:%Y%m%d%H%M%S}"
    with writing(home, who="forget") as con:
        if not int(ask(con, "articles_unclustered")["n"][0]):
            return
        while int(ask(con, "articles_unclustered")["n"][0]):
            place(con, run_id, most=PLACED_AT_ONCE)
    _published(home, now)


def _published(home: Path, now: datetime) -> None:
    with writing(home, who="forget") as con:
        is_sound = not any(one.is_failed for one in check(con, f"forget-{now:%Y%m%d%H%M%S}"))
    if is_sound:
        publish(home, who="forget")


# -- what lies beside the tables ----------------------------------------------------------------------------------


def _sweep(home: Path, needles: tuple[str, ...]) -> None:
    """Blot out what is left in logs, notes and Prefect's own database, which we did not write but which lie with us."""
    for name in sorted({re.sub(r"-(?:wal|shm|journal)$", "", trace.path) for trace in traces(home, needles)[0]}):
        path = home / name
        if path.suffix in TEXT_SUFFIXES and path.name != PLAN:
            _blot_file(path, needles)
        elif path.suffix in {".db", ".sqlite"}:
            _blot_database(path, needles)


def _blot_file(path: Path, needles: Iterable[str]) -> None:
    content = path.read_bytes()
    for needle in needles:
        content = content.replace(needle.encode(), b"x" * len(needle.encode()))
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


def _blot_database(path: Path, needles: Iterable[str]) -> None:
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as con:
        con.execute("PRAGMA secure_delete = ON")
        for table, column in _text_columns(con):
            for needle in needles:
                sql = f'UPDATE "{table}" SET "{column}" = replace("{column}", ?1, ?2) WHERE instr("{column}", ?1) > 0'  # noqa: S608 - names from the database itself
                with suppress(sqlite3.Error):
                    con.execute(sql, (needle, "x" * len(needle)))
        with suppress(sqlite3.Error):
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            con.execute("VACUUM")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _text_columns(con: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = [
        (table, row[1], str(row[2]).upper()) for table in tables for row in con.execute(f'PRAGMA table_info("{table}")')
    ]
    return [(table, name) for table, name, kind in columns if any(word in kind for word in ("CHAR", "TEXT", "JSON"))]


# -- proof --------------------------------------------------------------------------------------------------------


def _needles(home: Path, plan: Plan) -> tuple[str, ...]:
    """Return the words to search for: the plan's own, and its addresses unless one that stays begins like it."""
    with writing(home, who="forget") as con:
        left = ask(con, "forget/addresses_left", urls=pl.DataFrame({"url": plan.urls}, schema={"url": pl.String}))
    begun = set(left["url"])
    return tuple(dict.fromkeys((*plan.needles, *(url for url in plan.urls if url not in begun))))[:MOST_NEEDLES]


def _passages(con: Any, doomed: pl.DataFrame) -> list[str]:
    """Return one sentence of each article that no other article has."""
    texts = ask(con, "forget/texts", doomed=doomed).head(MOST_NEEDLES // 4)
    sought = [
        passage
        for text in texts["text"]
        for passage in sorted(re.split(r"(?<=[.!?。])\s+|\n+", text), key=len, reverse=True)[:3]
        if len(passage) >= LEAST_PASSAGE
    ]
    if not sought:
        return []
    frame = pl.DataFrame({"passage": sought}, schema={"passage": pl.String}).unique(maintain_order=True)
    shared = set(ask(con, "forget/shared", sought=frame, doomed=doomed)["passage"])
    return [passage for passage in frame["passage"] if passage not in shared]


def _certificate(
    home: Path, plan: Plan, forgotten: Forgotten, proof: Certificate, *, records: int, exports: int, now: datetime
) -> Path | None:
    """Write the proof down, without a word of what was erased; `None` while something is still found."""
    if not proof.is_clean:
        return None
    name = subject_hash(Kind(plan.kind), plan.subject)
    folder = home / "certificates"
    folder.mkdir(exist_ok=True)
    path = folder / f"{now:%Y%m%d-%H%M%S}-{name[:12]}.json"
    said = {
        "kind": plan.kind,
        "subject_sha256": name,
        "erased_at": now.isoformat(),
        "articles": max(plan.articles, len(forgotten.article_ids)),
        "rows": dict(forgotten.rows),
        "archive_records": records,
        "exports": exports,
        "searched": {"files": proof.files, "needles": proof.needles, "found": 0},
        "needles_sha256": [hashlib.sha256(one.encode()).hexdigest() for one in _joined(plan.urls, plan.needles)],
    }
    path.write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    return path


# -- the plan -----------------------------------------------------------------------------------------------------


def _write_plan(home: Path, plan: Plan) -> None:
    path = home / PLAN
    temporary = path.with_name(f"{PLAN}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(asdict(plan)), "utf-8")
    temporary.replace(path)


def _read_plan(home: Path) -> Plan | None:
    try:
        said = json.loads((home / PLAN).read_text("utf-8"))
        return Plan(**{**said, "urls": tuple(said["urls"]), "needles": tuple(said["needles"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _joined(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for each in lists for one in each))
