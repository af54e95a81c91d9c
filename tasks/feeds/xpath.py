"""XPath over a page, for listing pages whose links no CSS selector can name. The one place that imports lxml.

The parser recovers from everything, fetches nothing, and refuses what is deeper than libxml2's own limit (256).
"""

from __future__ import annotations

from lxml import etree
from lxml import html as lxml_html

MOST_RESULTS = 1_000


def xpath(text: str, expression: str) -> list[tuple[str, str]]:
    """Return (href, text) of each link that the expression names: elements with links within, or attributes' values."""
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
        results = root.xpath(expression)
    except etree.XPathError as error:
        raise ValueError(f"it is not an XPath expression: {error}") from error
    except (etree.LxmlError, ValueError):  # an empty page, or one too deep
        return []
    if not isinstance(results, list):
        raise ValueError("it names no elements")
    return [link for result in results[:MOST_RESULTS] for link in _links(result)]


def _links(result: object) -> list[tuple[str, str]]:
    if isinstance(result, str):
        return [(str(result), "")]
    if not isinstance(result, etree._Element):
        return []
    holders = [result] if result.get("href") else result.iterfind(".//a[@href]")
    return [(holder.get("href"), " ".join(holder.itertext())[:1_000]) for holder in holders]
