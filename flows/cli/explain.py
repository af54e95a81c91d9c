"""`wirehouse explain`: why two articles are copies of each other, or not."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.cli import app
from flows.cli.named import article_named
from flows.cli.options import DebugOption, HomeOption, JsonOption, say, say_json

MOST_PASSAGES = 12
"""Passages shown to a person; the longest come first."""
STORED = (
    *("similarity", "containment", "containment_larger", "probability", "longest_run_words"),
    *("figures_differing", "names_differing", "hours_apart", "is_same_outlet"),
)
"""What is stored of the measures of a pair of copies; docs/schema.md says what they mean."""


@app.command()
def explain(
    one: Annotated[str, typer.Argument(metavar="A", help="Address or id of an article.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Address or id of another one.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what was stored about two articles as a pair, the passages they share, and the measures behind it.

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
    passages = _stored_passages(a, b, stored)
    said: dict[str, Any] = {
        "a": _named(a),
        "b": _named(b),
        "state": _state(stored),
        "is_copy": bool(found.is_copy),
        "probability": found.probability,
        "relation": stored["relation"],
        "is_one_story": bool(stored["is_one_story"]),
        "stored": {name: stored[name] for name in STORED} if stored["relation"] else None,
        "measures": dict(found.measures),
        "passages": list(found.passages if passages is None else passages),
    }
    if as_json:
        say_json(said)
    else:
        _tell(said)


def _state(stored: dict[str, Any]) -> str:
    """What the warehouse knows of the pair."""
    if stored["relation"]:
        return "stored"
    if stored["is_compared"]:
        return "refused"
    return "never_compared" if stored["is_known"] else "not_taken_in"


STATES = {
    "refused": "compared and refused",
    "never_compared": "never compared: they share too few fingerprints",
    "not_taken_in": "not decided: one of them has not been through `cluster`",
}


def _stored_passages(a: dict[str, Any], b: dict[str, Any], stored: dict[str, Any]) -> tuple[str, ...] | None:
    """The passages that were stored with the pair, in the words of the smaller text; `None` if there are none."""
    from tasks.duplicates.explain import passages_at

    if not stored["passages"]:
        return None
    smaller = stored["article_id_a"] if stored["is_a_smaller"] else stored["article_id_b"]
    return passages_at(a["text"] if a["article_id"] == smaller else b["text"], stored["passages"])


def _named(article: dict[str, Any]) -> dict[str, Any]:
    return {name: article[name] for name in ("article_id", "url", "outlet", "title", "published_at")}


def _tell(said: dict[str, Any]) -> None:
    for side in ("a", "b"):
        say(f"{side.upper()}  {said[side]['title'] or '(no title)'}  ({said[side]['outlet']}, {said[side]['url']})")
    verdict = "a copy" if said["is_copy"] else "not a copy"
    relation = f"stored as `{said['relation']}`" if said["relation"] else STATES[said["state"]]
    story = "one story" if said["is_one_story"] else "different stories"
    say(f"\n{verdict}: probability {said['probability']:.3f}; {relation}; {story}\n")
    for name, value in (said["stored"] or {}).items():
        say(f"  {name:<28} {'' if value is None else value!s:>10}")
    say("\nmeasured on the two texts as they are now:" if said["stored"] else "measured on the two texts:")
    for name, value in said["measures"].items():
        say(f"  {name:<28} {value:>10.4g}")
    say(f"\n{len(said['passages'])} passages in common" + (", the longest first:" if said["passages"] else ""))
    for passage in said["passages"][:MOST_PASSAGES]:
        say(f"  “{' '.join(passage.split())}”")
