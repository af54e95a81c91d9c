"""What the page's head says about its article, in the form that the block features ask for."""

from __future__ import annotations

from tasks.page.features import Hints
from tasks.page.metadata import Metadata

# Versions of the title that are compared with each block: the rest repeats them.
_MOST_TITLES = 6
_LONGEST_DESCRIPTION = 2_000


def hints(metadata: Metadata) -> Hints:
    """The titles, the description and the declared body of a page."""
    titles = [metadata.title, *(opinion.text for opinion in metadata.titles)]
    return Hints(
        titles=tuple(dict.fromkeys(title for title in titles if title))[:_MOST_TITLES],
        description=(metadata.description or "")[:_LONGEST_DESCRIPTION],
        article_body=metadata.json_ld_article_body or "",
    )
