"""The page that started it: its real text in several markups must come out as its real article."""

import html

import pytest

from tasks.page.article import extract
from tasks.records import Article

pytestmark = pytest.mark.corpora

SHAPES = {
    "paragraphs": "<p>{}</p>",
    "divs": "<div>{}</div>",
    "breaks": "{}<br><br>",
    "spans": "<p><span>{}</span></p>",
    "sections": "<section><p>{}</p></section>",
}


@pytest.mark.parametrize("container", ["article", "div", "main"])
@pytest.mark.parametrize("shape", SHAPES)
def test_seed_page(corpora, shape, container):
    lines = (corpora / "seed" / "dirty_page.txt").read_text("utf-8").split("\n\n")
    body = "\n".join(SHAPES[shape].format(html.escape(line.strip())) for line in lines if line.strip())
    title = "Putin arrives in Belarus for talks with Lukashenko"
    inner = f"<{container}><h1>{title}</h1>{body}</{container}>"
    page = f"<html><head><title>{title}</title></head><body>{inner}</body></html>"
    article = extract(page.encode(), "https://copies.example/putin-belarus")
    assert isinstance(article, Article)
    expected = (corpora / "seed" / "expected_text.txt").read_text("utf-8").strip()
    assert article.text.split() == expected.split()
