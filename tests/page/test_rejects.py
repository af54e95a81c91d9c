"""Walls, error pages, shells and fronts are refused with their reasons; articles that only mention them are not."""

import pytest

from tasks.page.article import extract
from tasks.records import Article, Reject, Rejecting

PARAGRAPH = (
    "<p>The harbour commission said on Tuesday that dredging of berth {} would begin before winter, weather permitting,"
    " and that the fishing fleet would move to the old basin until the work was finished in the following spring.</p>"
)
BODY = "".join(PARAGRAPH.format(n) for n in range(6))
LINKS = "".join(f'<li><a href="/{n}">A headline about council meeting number {n}</a></li>' for n in range(40))
TEASERS = "".join(
    f"<div><a href='/{n}'>A headline about council meeting {n}</a>"
    f"<p>The council met for the {n}th time and this was…</p></div>"
    for n in range(12)
)


def page(inner, title="A page", head=""):
    return f"<html><head><title>{title}</title>{head}</head><body>{inner}</body></html>".encode()


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", Rejecting.EMPTY),
        (b"  \n ", Rejecting.EMPTY),
        (b"%PDF-1.7 ...", Rejecting.NOT_HTML),
        (b"\x89PNG\r\n\x1a\n", Rejecting.NOT_HTML),
        (b'{"a": "<p>b</p>"}', Rejecting.NOT_HTML),
        (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', Rejecting.NOT_HTML),
        (b"plain words without any tag", Rejecting.NOT_HTML),
        (page("<div id=root></div><script>boot()</script>"), Rejecting.SCRIPT_SHELL),
        (page("<p>You need to enable JavaScript to run this app.</p><script>x</script>"), Rejecting.SCRIPT_SHELL),
        (page("<h1>Page not found</h1><p>Try our home page.</p>", "404"), Rejecting.SOFT_404),
        (page("<h1>Seite nicht gefunden</h1><p>Zur Startseite</p>"), Rejecting.SOFT_404),
        (page("<h1>Just a moment</h1><p>Verify you are human by completing the action below.</p>"), Rejecting.CAPTCHA),
        (page("<p>We value your privacy</p><p>We and our partners store information.</p>"), Rejecting.CONSENT_WALL),
        (page("<p>Mit Werbung weiterlesen</p><p>Zustimmen und weiter</p>"), Rejecting.CONSENT_WALL),
        (page(f"<h1>Harbour</h1><p>Subscribe to continue reading</p>{PARAGRAPH}"), Rejecting.PAYWALL),
        (
            page(f"<p>We and our partners use cookies to read your device.</p>{PARAGRAPH}", "Before you continue"),
            Rejecting.CONSENT_WALL,
        ),
        (page(f"<ul>{LINKS}</ul>"), Rejecting.SECTION_FRONT),
        (page(TEASERS, "World"), Rejecting.SECTION_FRONT),
        (page("<h1>Harbour from above</h1>", head='<meta property="og:type" content="video.other">'), Rejecting.MEDIA),
        (b"<p>x</p>" * 400_000, Rejecting.TOO_LARGE),
    ],
)
def test_refused(html, reason):
    result = extract(html, "https://news.example/section")
    assert isinstance(result, Reject), result.text[:200]
    assert result.reason is reason


@pytest.mark.parametrize(
    "html",
    [
        page(f"<article>{BODY}</article><div>We value your privacy. Accept all cookies.</div>"),
        page(f"<article>{BODY}<p>Subscribe to continue reading our other stories.</p></article>"),
        page(f"<article><h1>Page not found: the lost chapter</h1>{BODY}</article>", "Page not found: the lost chapter"),
        page(f"<noscript>Please enable JavaScript</noscript><article>{BODY}</article><script>x</script>"),
        page(f"<article>{BODY}</article><ul>{LINKS}</ul>"),
        page(f"<article>{BODY}</article>{TEASERS}"),
        page(f"<h1>We value your privacy, says the harbour</h1>{BODY}", "We value your privacy, says the harbour"),
    ],
)
def test_articles_stay(html):
    result = extract(html, "https://news.example/2024/11/05/the-harbour-is-dredged")
    assert isinstance(result, Article)
    assert result.text.count("harbour commission") == 6
