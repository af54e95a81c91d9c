"""Golden pages: each folder holds a page and the article that must come of it.

To add a case, make a folder with `page.html` and `article.json`: `title`, and `body` as the list of its paragraphs in
order; or `reject` with the reason. No Python is needed.
"""

import json
from pathlib import Path

import pytest

from tasks.page.article import extract
from tasks.records import Article, Reject

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/article.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_golden_page(folder):
    expected = json.loads((folder / "article.json").read_text("utf-8"))
    result = extract((folder / "page.html").read_bytes(), expected.get("url"))
    if "reject" in expected:
        assert isinstance(result, Reject)
        assert result.reason == expected["reject"]
        return
    assert isinstance(result, Article)
    assert [block.text for block in result.blocks] == expected["body"]
    assert result.title == expected["title"]
