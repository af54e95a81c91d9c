"""The article as Markdown, and as a row."""

import json

from tasks.page.article import extract
from tasks.page.markdown import render
from tasks.page.row import row
from tasks.records import Article, Block, BlockKind, Reject, Rejecting
from tests.page.test_rejects import BODY, page


def test_blocks_keep_their_shape():
    kinds = [
        (BlockKind.PARAGRAPH, "One *bold* claim", 0),
        (BlockKind.HEADING, "What follows", 3),
        (BlockKind.LIST_ITEM, "first", 1),
        (BlockKind.LIST_ITEM, "second", 2),
        (BlockKind.TABLE_ROW, "a \t b|c", 0),
        (BlockKind.TABLE_ROW, "1 \t 2", 0),
        (BlockKind.QUOTE, "She said so", 0),
        (BlockKind.CODE, "x = `y`", 0),
        (BlockKind.PARAGRAPH, "1. not a list", 0),
    ]
    blocks = tuple(Block(position=n, kind=k, text=t, level=level) for n, (k, t, level) in enumerate(kinds))
    article = Article(url=None, canonical_url=None, title="A title", text="", word_count=0, blocks=blocks)
    assert render(article) == (
        "# A title\n\nOne \\*bold\\* claim\n\n### What follows\n\n- first\n  - second\n\n"
        "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n\n> She said so\n\n```\nx = `y`\n```\n\n1\\. not a list\n"
    )


def test_row_is_json_with_reasons():
    article = extract(page(f"<article>{BODY}</article><nav><a href='/'>Home</a></nav>"), "https://news.example/a")
    assert isinstance(article, Article)
    line = json.loads(json.dumps(row("7", article)))
    assert line["id"] == "7"
    assert line["text"] == article.text
    assert {"reason": "navigation", "text": "Home"} in line["removed"]


def test_row_of_a_reject():
    reject = Reject(url="u", reason=Rejecting.EMPTY, detail="nothing")
    assert row("8", reject) == {"id": "8", "url": "u", "reject": "empty", "detail": "nothing"}
