"""`wirehouse explain`: why two articles are copies of each other, or not."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.cli import app
from flows.cli.named import article_named
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json

MOST_PASSAGES = 12
"""Passages shown to a person; the longest come first."""


@app.command()
def explain(
    one: Annotated[str, typer.Argument(metavar="A", help="Address or id of an article.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Address or id of another one.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what was measured on two articles, what was made of it, and the passages they share.

    Example: wirehouse explain https://gazette.example/baths https://post.example/wire/baths
    """
    from flows.settings import read
    from tasks.duplicates.explain import explain as explained
    from warehouse.connection import reading
    from warehouse.queries import ask

    with reading(read(home=home).home) as con:
        a, b = article_named(con, one, "explain"), article_named(con, other, "explain")
        common = ask(con, "fingerprints_common")["hash"].to_numpy()
        stored = ask(con, "pair_stored", a=a["article_id"], b=b["article_id"]).row(0, named=True)
    found = explained(a["text"], b["text"], common)
    said: dict[str, Any] = {
        "a": _named(a),
        "b": _named(b),
        "is_copy": bool(found.is_copy),
        "probability": found.probability,
        "relation": stored["relation"],
        "is_one_story": bool(stored["is_one_story"]),
        "measures": dict(found.measures),
        "passages": list(found.passages),
    }
    if as_json:
        say_json(said)
    else:
        _tell(said)


def _named(article: dict[str, Any]) -> dict[str, Any]:
    return {name: article[name] for name in ("article_id", "url", "outlet", "title", "published_at")}


def _tell(said: dict[str, Any]) -> None:
    for side in ("a", "b"):
        say(f"{side.upper()}  {said[side]['title'] or '(no title)'}  ({said[side]['outlet']}, {said[side]['url']})")
    verdict = "a copy" if said["is_copy"] else "not a copy"
    relation = f"stored as `{said['relation']}`" if said["relation"] else "not stored as a pair"
    story = "one story" if said["is_one_story"] else "different stories"
    say(f"\n{verdict}: probability {said['probability']:.3f}; {relation}; {story}\n")
    for name, value in said["measures"].items():
        say(f"  {name:<28} {value:>10.4g}")
    say(f"\n{len(said['passages'])} passages in common" + (", the longest first:" if said["passages"] else ""))
    for passage in said["passages"][:MOST_PASSAGES]:
        say(f"  “{' '.join(passage.split())}”")
