"""`wirehouse diff`: what an outlet changed in an article after it was first seen, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import app
from flows.cli.named import article_named
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json

if TYPE_CHECKING:
    from tasks.page.editions import Row

MARKS = {"same": "  ", "added": "+ ", "removed": "- "}


@app.command()
def diff(
    article: Annotated[str, typer.Argument(metavar="URL", help="Address or id of an article.")],
    whole: Annotated[bool, typer.Option("--whole", help="Show the sentences that stayed the same, too.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what each version of an article changed, sentence by sentence.

    Example: wirehouse diff https://gazette.example/2026/11/03/harbour-baths
    """
    from flows.settings import read
    from warehouse.connection import reading
    from warehouse.queries import ask

    with reading(read(home=home).home) as con:
        found = article_named(con, article, "diff")
        versions = ask(con, "versions_of_article", article_id=found["article_id"]).to_dicts()
    steps = list(_steps(versions))
    if as_json:
        named = {name: found[name] for name in ("article_id", "url", "outlet", "title")}
        say_json({**named, "versions": len(versions), "steps": steps})
        return
    say(f"{found['title'] or found['url']}\n{found['outlet']}, {found['url']}")
    if not steps:
        say(f"one wording, first seen {versions[0]['valid_from']:%Y-%m-%d %H:%M} UTC; nothing was changed since")
    for step in steps:
        _tell(step, whole=whole)


def _steps(versions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the difference of each version to the one before it."""
    from tasks.page.editions import changes

    for before, after in pairwise(versions):
        change = changes(before["title"], before["text"], after["title"], after["text"])
        yield {
            "version": after["version"],
            "changed_at": after["valid_from"],
            "kinds": list(after["changes"]) or [kind.value for kind in change.kinds],
            "is_by_outlet": before["cleaner_version"] == after["cleaner_version"],
            "title_before": before["title"],
            "title": after["title"],
            "rows": [_row(row) for row in change.rows],
        }


def _row(row: Row) -> dict[str, str]:
    return {"op": row.op.value, "sentence": row.sentence}


def _tell(step: dict[str, Any], *, whole: bool) -> None:
    kinds = ", ".join(kind.replace("_", " ") for kind in step["kinds"]) or "nothing that it says"
    by = "" if step["is_by_outlet"] else " (cleaned by another version of the cleaner)"
    say(f"\nversion {step['version']}, {step['changed_at']:%Y-%m-%d %H:%M} UTC: {kinds}{by}")
    if step["title_before"] != step["title"]:
        say(f"- {step['title_before'] or '(no title)'}\n+ {step['title'] or '(no title)'}\n")
    for op, rows in groupby(step["rows"], key=lambda row: str(row["op"])):
        run = list(rows)
        if op == "same" and not whole:
            say(f"  … {len(run)} sentence{'s' if len(run) != 1 else ''} the same")
            continue
        for row in run:
            say(f"{MARKS[op]}{row['sentence']}")
