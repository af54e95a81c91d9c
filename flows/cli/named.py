"""Which article a person means: by its id, or by any address under which it was found or read."""

from __future__ import annotations

from typing import Any

from tasks.errors import InputError


def article_named(con: Any, name: str, command: str) -> dict[str, Any]:
    """Return the article's row; raises `InputError` when the warehouse has none under this name."""
    from tasks.web.urls import canonical
    from warehouse.queries import ask

    rows = ask(con, "article_named", wanted=name, canonical=canonical(name)).to_dicts()
    if not rows:
        raise InputError(f"{command}: there is no article {name}; `wirehouse search` finds them by their words")
    return rows[0]
