"""Pages that are stored but hold no article, each with its own reason."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.page.blocks import Outline
from tasks.records import Reject, Rejecting


def refuse(outline: Outline, kept: Sequence[bool], title: str | None, url: str | None) -> Reject | None:
    """Why the page is no article, or nothing when it may be one."""
    visible = sum(len(block.text) for block in outline.blocks)
    body = sum(len(block.text) for block, keep in zip(outline.blocks, kept, strict=True) if keep)
    if not visible:
        return Reject(url=url, reason=Rejecting.SCRIPT_SHELL, detail="no visible text")
    if not body:
        return Reject(url=url, reason=Rejecting.NO_TEXT, detail=f"none of {visible} visible characters is main text")
    return None
