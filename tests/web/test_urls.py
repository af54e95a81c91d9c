"""URLs: cases from the WHATWG standard and RFC 3986, the table of tracking parameters row by row, and the laws."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.web import urls
from tasks.web.urls import article_id, canonical, host, is_http, resolve, site

PARSED = [
    # White space and slashes
    ("  https://news.example/a  ", "https://news.example/a"),
    ("\x00\x1f https://news.example/a\x0b", "https://news.example/a"),
    ("ht\ntps://ne\tws.example/a\r\nb", "https://news.example/ab"),
    ("https:\\\\news.example\\a\\b", "https://news.example/a/b"),
    ("https:/news.example/a", "https://news.example/a"),
    ("https:news.example/a", "https://news.example/a"),
    ("https://///news.example/a", "https://news.example/a"),
    # Case and ports
    ("HTTPS://NEWS.Example/Path", "https://news.example/Path"),
    ("http://news.example:80/", "http://news.example/"),
    ("https://news.example:443/", "https://news.example/"),
    ("https://news.example:80/", "https://news.example:80/"),
    ("http://news.example:000080/", "http://news.example/"),
    ("http://news.example:/", "http://news.example/"),
    ("http://news.example:65535/", "http://news.example:65535/"),
    # Dot segments
    ("http://news.example", "http://news.example/"),
    ("http://news.example/a/./b/../c", "http://news.example/a/c"),
    ("http://news.example/../../a", "http://news.example/a"),
    ("http://news.example/a/%2e%2E/b", "http://news.example/b"),
    ("http://news.example/a/%2e", "http://news.example/a/"),
    ("http://news.example/a/..", "http://news.example/"),
    ("http://news.example//a//b/", "http://news.example//a//b/"),
    # Names
    ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
    ("http://faß.example/", "http://xn--fa-hia.example/"),
    ("http://日本語。jp/", "http://xn--wgv71a119e.jp/"),
    ("http://ｎｅｗｓ．example/", "http://news.example/"),
    ("http://ne%77s.example/", "http://news.example/"),
    ("http://new\u00ads.example/", "http://news.example/"),
    ("http://a_b.example/", "http://a_b.example/"),
    ("http://news.example./", "http://news.example./"),
    # Numbers as addresses
    ("http://2130706433/", "http://127.0.0.1/"),
    ("http://0x7f000001/", "http://127.0.0.1/"),
    ("http://0x7F.1/", "http://127.0.0.1/"),
    ("http://0177.0.0.01/", "http://127.0.0.1/"),
    ("http://127.1/", "http://127.0.0.1/"),
    ("http://0/", "http://0.0.0.0/"),
    ("http://4294967295/", "http://255.255.255.255/"),
    ("http://１９２.168.0.257.example/", "http://192.168.0.257.example/"),
    ("http://0xc0.0250.01", "http://192.168.0.1/"),
    ("http://192.168.0.1./", "http://192.168.0.1/"),
    ("http://%30%78%63%30%2e%30%32%35%30.01", "http://192.168.0.1/"),
    ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
    ("http://[2001:DB8:0:0:1:0:0:1]/", "http://[2001:db8::1:0:0:1]/"),
    ("http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"),
    ("http://[::ffff:192.168.0.1]/", "http://[::ffff:c0a8:1]/"),
    ("http://[::127.0.0.1]:80/", "http://[::7f00:1]/"),
    # Credentials
    ("http://user:pass@news.example/", "http://user:pass@news.example/"),
    ("http://user@news.example/", "http://user@news.example/"),
    ("http://:pass@news.example/", "http://:pass@news.example/"),
    ("http://:@news.example/", "http://news.example/"),
    ("http://a@b@news.example/", "http://a%40b@news.example/"),
    ("http://news.example@evil.example/", "http://news.example@evil.example/"),
    # Escapes: what must be escaped is, in upper case; what need not be is plain; a stray percent sign stays
    ("http://news.example/é ü", "http://news.example/%C3%A9%20%C3%BC"),
    ("http://news.example/%c3%a9", "http://news.example/%C3%A9"),
    ("http://news.example/%7Euser/%41%2D", "http://news.example/~user/A-"),
    ("http://news.example/a%2Fb%3Fc%23d", "http://news.example/a%2Fb%3Fc%23d"),
    ("http://news.example/100%/%2%65/%zz", "http://news.example/100%/%2%65/%zz"),
    ('http://news.example/<a>{b}`"|^', "http://news.example/%3Ca%3E%7Bb%7D%60%22|%5E"),
    ("http://news.example/?q='a'", "http://news.example/?q=%27a%27"),
    ("http://news.example/?q=a b+c", "http://news.example/?q=a%20b+c"),
    ("http://news.example/a\ud800", "http://news.example/a%EF%BF%BD"),
    # Other schemes keep everything
    ("mailto:desk@news.example", "mailto:desk@news.example"),
    ("JAVASCRIPT:alert(1)", "javascript:alert(1)"),
    ("data:text/html,<p>#x", "data:text/html,<p>#x"),
    ("file:///C|/a/../b", "file:///C:/b"),
    ("foo://Bar/ñ?utm_source=x#y", "foo://Bar/%C3%B1?utm_source=x#y"),
    ("urn:isbn:123", "urn:isbn:123"),
]
UNPARSABLE = [
    "",
    " ",
    "no url",
    "/a/b",
    "//news.example/a",
    "http://",
    "https://?q",
    "http:///",
    "http://a b/",
    "http://a<b/",
    "http://news.example:65536/",
    "http://news.example:8a/",
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://0x100000000/",
    "http://09.0.0.1/",
    "http://[::1/",
    "http://[1:2:3]/",
    "http://[::g]/",
    "http://user@/",
    "http://%zz/",
    "http://a%00b/",
    "http://xn--a/",
    "http://\u00ad/",
    "://news.example/",
    "1http://news.example/",
]


@pytest.mark.parametrize(("url", "expected"), PARSED)
def test_parsing(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize("url", UNPARSABLE)
def test_what_is_no_url_comes_back_stripped(url: str) -> None:
    assert canonical(f" {url}\n") == url.strip()
    assert not is_http(url)
    assert host(url) == site(url) == ""


NORMALISED = [
    ("the fragment goes", "https://n.example/a#comments", "https://n.example/a"),
    ("a route at the root stays", "https://n.example/#!/story/5", "https://n.example/#!/story/5"),
    ("a route elsewhere goes", "https://n.example/a#!/comment-5", "https://n.example/a"),
    ("an empty query goes", "https://n.example/a?", "https://n.example/a"),
    ("empty pieces go", "https://n.example/a?&&b=1&", "https://n.example/a?b=1"),
    ("names are sorted", "https://n.example/a?b=2&a=1", "https://n.example/a?a=1&b=2"),
    ("values of a name are not", "https://n.example/a?b=2&a=9&b=1", "https://n.example/a?a=9&b=2&b=1"),
    ("an empty value is one", "https://n.example/a?x=&y", "https://n.example/a?x=&y"),
    ("case of values", "https://n.example/A?ID=Ab", "https://n.example/A?ID=Ab"),
    ("the scheme stays", "http://n.example/a", "http://n.example/a"),
    ("www stays", "https://www.n.example/a", "https://www.n.example/a"),
    ("so does the slash", "https://n.example/a/", "https://n.example/a/"),
    ("so does a bracket", "https://n.example/a_(b)", "https://n.example/a_(b)"),
    ("servlet session", "https://n.example/a;jsessionid=0A1B.w?x=1", "https://n.example/a?x=1"),
    ("servlet session at the root", "https://n.example/;JSESSIONID=0A1B", "https://n.example/"),
    ("other path parameters", "https://n.example/a;v=1/b", "https://n.example/a;v=1/b"),
    ("session", "https://n.example/a?PHPSESSID=ab&id=1", "https://n.example/a?id=1"),
    ("tracking, shouting", "https://n.example/a?UTM_Source=x&FBCLID=y", "https://n.example/a"),
    ("tracking, escaped", "https://n.example/a?utm%5Fsource=x", "https://n.example/a"),
    ("tracking, escaped twice", "https://n.example/a?id=1&amp;utm_source=x", "https://n.example/a?id=1"),
    ("tracking without a value", "https://n.example/a?fbclid&gclid=", "https://n.example/a"),
    ("a referrer", "https://n.example/a?ref=rss", "https://n.example/a"),
    ("a referrer that may choose", "https://n.example/a?ref=v2", "https://n.example/a?ref=v2"),
    ("a source that may choose", "https://n.example/a?source=reuters", "https://n.example/a?source=reuters"),
    ("a campaign", "https://n.example/a?CMP=share_btn_tw", "https://n.example/a"),
    ("a company", "https://n.example/a?cmp=4711", "https://n.example/a?cmp=4711"),
]


@pytest.mark.parametrize(("told", "url", "expected"), NORMALISED, ids=[row[0] for row in NORMALISED])
def test_normalising(told: str, url: str, expected: str) -> None:
    assert canonical(url) == expected


TABLE = [
    line.split("\t")
    for line in Path(urls.__file__).with_name("tracking.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def written(name: str, values: str) -> list[str]:
    """Return a row of the table as it may stand in a query, once for each of its values."""
    name = name.replace("*", "Xyz")
    return [f"{name}={value.replace('*', '9')}" for value in values.split() or ["Some.Value"]]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_each_tracking_parameter_alone_first_and_last(row: list[str]) -> None:
    name, values, source = row
    assert source
    for piece in written(name, values):
        assert canonical(f"https://n.example/a?{piece}") == "https://n.example/a"
        assert canonical(f"https://n.example/a?{piece}&id=1") == "https://n.example/a?id=1"
        assert canonical(f"https://n.example/a?id=1&{piece.upper()}") == "https://n.example/a?id=1"
    if values:
        assert canonical(f"https://n.example/a?{name}=4711") == f"https://n.example/a?{name}=4711"


def test_all_tracking_parameters_together() -> None:
    pieces = [piece for name, values, _ in TABLE for piece in written(name, values)]
    assert canonical(f"https://n.example/a?{'&'.join(pieces)}&id=1") == "https://n.example/a?id=1"


def test_the_table_names_each_parameter_once() -> None:
    names = [name.lower() for name, _, _ in TABLE]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "query",
    [
        "id=12",
        "p=1204",
        "page=2&story=7",
        "q=utm_source",
        "lang=fr",
        "s=a",
        "cid=1254",
        "sid=77",
        "v=dQw4",
        "article=fbclid",
        "format=print",
        "view=full",
        "campaign=12",
        "medium=oil",
        "amp=1",
        "utm=33",
        "NewsId=45",
        "from=2026-01-01",
        "feature=opinion",
        "share=equity",
        "rss=1",
        "feed=rss2",
        "ceid=US:en&gl=US&hl=en-US",
    ],
)
def test_meaningful_queries_survive(query: str) -> None:
    assert canonical(f"https://n.example/Page.ASPX?{query}") == f"https://n.example/Page.ASPX?{query}"


RESOLVED = [
    ("https://n.example/a/b?c#d", "e", "https://n.example/a/e"),
    ("https://n.example/a/b", "../e", "https://n.example/e"),
    ("https://n.example/a/b", "//m.example/e", "https://m.example/e"),
    ("https://n.example/a/b", "?q=1", "https://n.example/a/b?q=1"),
    ("https://n.example/a/b?c", "", "https://n.example/a/b?c"),
    ("https://n.example/a/b", "\\e", "https://n.example/e"),
    ("https://n.example/a/b", " /e\n/f ", "https://n.example/e/f"),
    ("https://n.example/a/b", "http:e", "http://e/"),
    ("https://n.example/a/b", "https:e", "https://n.example/a/e"),
    ("https://n.example/a/b", "http://127.1/e", "http://127.0.0.1/e"),
    ("not a url", "https://n.example/e", "https://n.example/e"),
    ("not a url", "/e", None),
    ("data:text/html,x", "/e", None),
    ("https://n.example/a/b", "mailto:desk@n.example", None),
    ("https://n.example/a/b", "javascript:void(0)", None),
    ("https://n.example/a/b", "ftp://n.example/e", None),
    ("https://n.example/a/b", "http://[::1", None),
    ("https://n.example/a/b", "e" * 1_980, f"https://n.example/a/{'e' * 1_980}"),
    ("https://n.example/a/b", "e" * 1_981, None),
]


@pytest.mark.parametrize(("base", "href", "expected"), RESOLVED)
def test_resolve(base: str, href: str, expected: str | None) -> None:
    assert resolve(base, href) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.news.co.uk/a", "news.co.uk"),
        ("https://news.co.uk", "news.co.uk"),
        ("https://a.b.c.example.com:8080/", "example.com"),
        ("https://alice.github.io/", "alice.github.io"),
        ("https://bob.github.io/", "bob.github.io"),
        ("https://github.io/", "github.io"),
        ("https://co.uk/", "co.uk"),
        ("https://news.example.com./", "example.com"),
        ("https://新闻.公司.cn/", "xn--efvy88h.xn--55qx5d.cn"),
        ("http://localhost:4200/", "localhost"),
        ("http://10.0.0.1/", "10.0.0.1"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("mailto:a@b.example", ""),
        ("junk", ""),
    ],
)
def test_site(url: str, expected: str) -> None:
    assert site(url) == expected


def test_article_ids() -> None:
    assert article_id("https://n.example/a") == article_id("http://n.example/a")
    assert article_id("https://n.example/a") != article_id("https://n.example/A")
    assert article_id("https://n.example/a") == "7efcdd2b7d545e730c37"  # pinned: ids are in people's warehouses


PIECE = st.text(alphabet="abcXYZ019%2efE.~/;:@&=+?#!é \\\t", max_size=12)
SPELLED = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP", "foo"]),
    st.sampled_from(["n.example", "WWW.N.Example", "münchen.example", "127.1", "[::1]", "u:p@n.example", "a.co.uk"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.lists(PIECE | st.sampled_from(["..", ".", "%2e%2E", ";jsessionid=1", ".;jsessionid=2"]), max_size=4).map(
        "/".join
    ),
    st.lists(PIECE | st.sampled_from(["utm_source=x", "id=1", "ref=rss", "amp;fbclid=1"]), max_size=4).map("&".join),
    PIECE | st.sampled_from(["!/a", "!/%7e"]),
)
ANY = SPELLED | st.text(max_size=60) | st.text(alphabet=st.characters(), max_size=40)


@given(ANY)
@example("http://n.example/%2%65")
@example("http://n.example/.;jsessionid=1/a")
@example("foo: \x00 ")
@example("\ud800")
def test_canonical_is_idempotent_and_total(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    once.encode("utf-8")


@given(ANY)
def test_canonical_keeps_host_site_and_kind(url: str) -> None:
    once = canonical(url)
    assert host(once) == host(url)
    assert site(once) == site(url)
    assert is_http(once) == is_http(url)


@given(SPELLED, st.randoms(use_true_random=False))
def test_the_order_of_different_names_does_not_matter(url: str, random: object) -> None:
    head = url.partition("?")[0].partition("#")[0]
    names = [f"k{number}=v" for number in range(5)]
    shuffled = names[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert canonical(f"{head}?{'&'.join(names)}") == canonical(f"{head}?{'&'.join(shuffled)}") or "foo:" in head


@given(ANY, ANY)
def test_resolve_yields_what_can_be_fetched(base: str, href: str) -> None:
    found = resolve(base, href)
    if found is not None:
        assert is_http(found)
        assert len(found) <= urls.MAX_LENGTH
        assert resolve(base, found) == found


@given(ANY)
def test_article_ids_are_hex(url: str) -> None:
    assert len(article_id(url)) == 20
    int(article_id(url), 16)
