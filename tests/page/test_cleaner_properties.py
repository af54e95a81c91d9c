"""What holds for every page: no error, no invented text, nothing lost, nothing twice, the same again."""

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tasks.page.article import extract
from tasks.page.row import as_bytes
from tasks.records import Article, Reject

SENTENCES = (
    "The harbour commission said on Tuesday that dredging would begin before winter, weather permitting.",
    "Read more",
    "You may also like",
    "By Ann Lee",
    "Der Stadtrat hat den Umbau am Abend gestoppt, nachdem die Kosten erneut gestiegen waren.",
    "海岛小学周一上午重新开课，一百二十名学生在板房里上课。",
    "Nobody had expected more than forty visitors when the doors…",
    "© 2024",
    "a < b & c > d",
)
TAGS = ("p", "div", "h1", "h2", "h3", "li", "ul", "article", "section", "span", "b", "a", "td", "tr", "table", "aside")
TAGS += ("nav", "footer", "figure", "figcaption", "blockquote", "pre", "noscript", "button", "em", "form")

text = st.sampled_from(SENTENCES)
classes = st.sampled_from(["", "story-body", "related-posts", "share", "teaser", "caption", "comments"])


def element(children):
    return st.tuples(st.sampled_from(TAGS), classes, st.lists(children, max_size=6)).map(
        lambda e: f'<{e[0]} class="{e[1]}">{"".join(e[2])}</{e[0]}>'
    )


escaped = text.map(lambda t: t.replace("&", "&amp;").replace("<", "&lt;"))
pages = st.lists(st.recursive(escaped | st.just("<br>"), element, max_leaves=25), max_size=12).map(
    lambda parts: "<html><head><title>Dredging begins</title></head><body>" + "\n".join(parts) + "</body></html>"
)


def letters(text):
    return "".join(c for c in text if c.isalnum())


def visible(html):
    tree = LexborHTMLParser(html)
    return letters(tree.body.text(separator=" ")) if tree.body else ""


@settings(max_examples=150, deadline=None)
@given(pages)
def test_text_and_removed_blocks_are_the_page(html):
    result = extract(as_bytes(html), None)
    if isinstance(result, Reject):
        return
    parts = [(block.position, block.text) for block in result.blocks]
    parts += [(one.position, one.text) for one in result.removed]
    assert len({position for position, _ in parts}) == len(parts)
    assert letters("".join(part for _, part in sorted(parts))) == visible(html)
    assert letters(result.text) == letters("".join(block.text for block in result.blocks))


@settings(max_examples=60, deadline=None)
@given(pages)
def test_serialising_again_changes_nothing(html):
    once = extract(as_bytes(html), None)
    again = extract(as_bytes(LexborHTMLParser(html).html), None)
    assert type(once) is type(again)
    assert getattr(once, "text", None) == getattr(again, "text", None)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000) | st.text(max_size=3000).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_give_a_value(body):
    assert isinstance(extract(body, None), Article | Reject)


@settings(max_examples=100, deadline=None)
@given(pages, st.integers(min_value=0, max_value=4000))
def test_truncated_pages_give_a_value(html, end):
    assert isinstance(extract(as_bytes(html)[:end], "https://example.org/a"), Article | Reject)
