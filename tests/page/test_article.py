"""The cleaner on pages written for it."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.page.article import extract
from tasks.records import Article, Reject, Rejecting

SENTENCE = "The harbour commission said on Tuesday that dredging would begin before winter, weather permitting. "
PAGE = f"""<html><head><title>Dredging begins</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Dredging begins</h1>{"".join(f"<p>{n}. {SENTENCE * 2}</p>" for n in range(6))}</article>
<footer>Copyright The Harbour Post</footer></body></html>""".encode()


def test_body_is_kept_and_furniture_is_told():
    article = extract(PAGE, "https://harbour.example/1")
    assert isinstance(article, Article)
    assert article.text.count("harbour commission") == 12
    assert "Copyright" not in article.text
    assert {"Copyright The Harbour Post", "Home News"} <= {r.text for r in article.removed}


def test_refusals():
    for body, reason in [
        (b"", Rejecting.EMPTY),
        (b"%PDF-1.7", Rejecting.NOT_HTML),
        (b'{"a": "<p>b</p>"}', Rejecting.NOT_HTML),
    ]:
        result = extract(body, None)
        assert isinstance(result, Reject)
        assert result.reason is reason


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_value(body):
    assert isinstance(extract(body, None), Article | Reject)


def test_a_very_long_article_stays_whole():
    body = "".join(
        f"<p>Speaker {n % 7} said in minute {n} that the basin had been dry since spring.</p>" for n in range(3000)
    )
    article = extract(f"<html><body><article>{body}</article></body></html>".encode(), None)
    assert isinstance(article, Article)
    assert len(article.blocks) == 3000
