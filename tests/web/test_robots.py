"""robots.txt: RFC 9309 and Google's reading of it, one short file and its questions at a time."""
# ruff: noqa: E501  a case is one line

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web import robots
from tasks.web.robots import parse

Answers = dict[tuple[str, str], bool]

CASES: list[tuple[str, str | bytes, Answers]] = [
    ("an empty file allows", "", {("bot", "/"): True, ("bot", "/a"): True, ("", ""): True}),
    ("one group", "User-agent: bot\nDisallow: /a\n", {("bot", "/a"): False, ("bot", "/b"): True, ("cat", "/a"): True}),
    ("an empty disallow allows", "User-agent: *\nDisallow:\n", {("bot", "/a"): True}),
    ("an empty allow says nothing", "User-agent: *\nAllow:\nDisallow: /\n", {("bot", "/a"): False}),
    ("all is closed", "User-agent: *\nDisallow: /\n", {("bot", ""): False, ("bot", "/"): False, ("bot", "/a?b"): False}),
    ("but not the file itself", "User-agent: *\nDisallow: /\n", {("bot", "/robots.txt"): True}),
    ("the file as a URL", "User-agent: *\nDisallow: /\n", {("bot", "https://n.example/robots.txt"): True}),
    ("only that file", "User-agent: *\nDisallow: /\n", {("bot", "/a/robots.txt"): False, ("bot", "/robots.txt2"): False}),
    # Who is meant
    ("case of names", "USER-AGENT: BoT\ndIsAlLoW: /\n", {("bot", "/"): False, ("BOT", "/"): False}),
    ("a version in the file", "User-agent: Bot/2.1\nDisallow: /\n", {("bot", "/"): False}),
    ("a version in the question", "User-agent: bot\nDisallow: /\n", {("Bot/2.1 (+https://n.example)", "/"): False}),
    ("words after the token", "User-agent: bot of news\nDisallow: /\n", {("bot", "/"): False, ("bot of news", "/"): True}),
    ("digits end a token", "User-agent: bot2\nDisallow: /\n", {("bot", "/"): False, ("bot2", "/"): True}),
    ("a star after the token", "User-agent: bot*\nDisallow: /\n", {("bot", "/"): False, ("botany", "/"): True}),
    ("no prefix matching", "User-agent: bot\nDisallow: /\n", {("bot-news", "/"): True, ("bo", "/"): True}),
    ("dash and underscore", "User-agent: my_bot-news\nDisallow: /\n", {("My_Bot-News", "/"): False}),
    ("the star with words", "User-agent: * (all)\nDisallow: /\n", {("bot", "/"): False}),
    ("the star glued to words", "User-agent: *bot\nDisallow: /\n", {("bot", "/"): True, ("cat", "/"): True}),
    ("an empty name", "User-agent:\nDisallow: /\n", {("bot", "/"): True}),
    ("nobody asks", "User-agent: bot\nDisallow: /\n", {("", "/"): True}),
    (
        "own group instead of the star's",
        "User-agent: *\nDisallow: /x\nUser-agent: bot\nDisallow: /y\n",
        {("bot", "/x"): True, ("bot", "/y"): False, ("cat", "/x"): False, ("cat", "/y"): True},
    ),
    ("own group without rules", "User-agent: *\nDisallow: /\nUser-agent: bot\n", {("bot", "/x"): True, ("cat", "/x"): False}),
    ("own group with an empty rule", "User-agent: bot\nDisallow:\n\nUser-agent: *\nDisallow: /\n", {("bot", "/x"): True}),
    ("the order of groups", "User-agent: bot\nAllow: /\nUser-agent: *\nDisallow: /\n", {("bot", "/"): True, ("cat", "/"): False}),
    # Groups
    ("several names", "User-agent: a\nUser-agent: b\nDisallow: /x\n", {("a", "/x"): False, ("b", "/x"): False}),
    ("a blank line is nothing", "User-agent: a\n\nUser-agent: b\n\nDisallow: /x\n", {("a", "/x"): False, ("b", "/x"): False}),
    (
        "groups of one name are one",
        "User-agent: a\nDisallow: /x\nUser-agent: b\nDisallow: /y\nUser-agent: a\nDisallow: /z\n",
        {("a", "/x"): False, ("a", "/z"): False, ("a", "/y"): True, ("b", "/y"): False, ("b", "/x"): True},
    ),
    ("rules before any name", "Disallow: /x\nUser-agent: a\nDisallow: /y\n", {("a", "/x"): True, ("a", "/y"): False}),
    ("a sitemap ends no group", "User-agent: a\nSitemap: /s.xml\nUser-agent: b\nDisallow: /\n", {("a", "/"): False}),
    ("nor do unknown keys", "User-agent: a\nNoindex: /q\nUser-agent: *\nDisallow: /\n", {("a", "/"): False, ("b", "/"): False}),
    ("nor does a delay", "User-agent: a\nCrawl-delay: 3\nUser-agent: b\nDisallow: /\n", {("a", "/"): False}),
    ("a name among rules", "User-agent: a\nDisallow: /x\nFoo\nDisallow: /y\n", {("a", "/x"): False, ("a", "/y"): False}),
    (
        "the star beside a name",
        "User-agent: *\nUser-agent: a\nDisallow: /x\nUser-agent: *\nDisallow: /y\n",
        {("a", "/x"): False, ("a", "/y"): True, ("b", "/x"): False, ("b", "/y"): False},
    ),
    # Which rule wins
    ("the longest", "User-agent: a\nDisallow: /p\nAllow: /p/q\n", {("a", "/p/q"): True, ("a", "/p/r"): False}),
    ("in any order", "User-agent: a\nAllow: /p/q\nDisallow: /p\n", {("a", "/p/q"): True, ("a", "/p/r"): False}),
    ("allow on a tie", "User-agent: a\nDisallow: /p\nAllow: /p\n", {("a", "/p"): True}),
    ("allow on a tie of stars", "User-agent: a\nDisallow: /*b\nAllow: /a*\n", {("a", "/ab"): True}),
    ("stars count", "User-agent: a\nAllow: /page\nDisallow: /*.html\n", {("a", "/page.html"): False, ("a", "/page"): True}),
    ("the anchor counts", "User-agent: a\nAllow: /$\nDisallow: /\n", {("a", "/"): True, ("a", "/x"): False}),
    ("octets count, not characters", "User-agent: a\nAllow: /é\nDisallow: /*????\n", {("a", "/%C3%A9????"): True}),
    # Patterns
    ("case of paths", "User-agent: a\nDisallow: /X\n", {("a", "/X"): False, ("a", "/x"): True}),
    ("prefixes", "User-agent: a\nDisallow: /fish\n", {("a", "/fish"): False, ("a", "/fishes/x?y"): False, ("a", "/Fish"): True, ("a", "/catfish"): True}),
    ("folders", "User-agent: a\nDisallow: /fish/\n", {("a", "/fish/"): False, ("a", "/fish"): True, ("a", "/fish.html"): True}),
    ("a star at the end", "User-agent: a\nDisallow: /fish*\n", {("a", "/fish"): False, ("a", "/fishes"): False}),
    ("a star within", "User-agent: a\nDisallow: /*.php\n", {("a", "/a/b.php?c"): False, ("a", "/.php"): False, ("a", "/b.PHP"): True}),
    ("a star and an end", "User-agent: a\nDisallow: /*.php$\n", {("a", "/b.php"): False, ("a", "/b.php?c"): True, ("a", "/b.php.php"): False}),
    ("a star between", "User-agent: a\nDisallow: /fish*.php\n", {("a", "/fish.php"): False, ("a", "/fishes/b.php?id"): False, ("a", "/Fish.PHP"): True}),
    ("a star first", "User-agent: a\nDisallow: *.gif$\n", {("a", "/x/y.gif"): False, ("a", "/y.gif?z"): True}),
    ("two stars", "User-agent: a\nDisallow: /**b\n", {("a", "/b"): False, ("a", "/ab"): False, ("a", "/a"): True}),
    ("pieces must not overlap", "User-agent: a\nDisallow: /ab*ba$\n", {("a", "/aba"): True, ("a", "/abba"): False}),
    ("only an end", "User-agent: a\nDisallow: $\n", {("a", "/"): True}),
    ("star and end", "User-agent: a\nDisallow: *$\n", {("a", "/"): False, ("a", "/x"): False}),
    ("a dollar within", "User-agent: a\nDisallow: /a$b\n", {("a", "/a$b"): False, ("a", "/a"): True}),
    ("two dollars", "User-agent: a\nDisallow: /a$$\n", {("a", "/a$"): False, ("a", "/a$$"): True}),
    ("no slash at the start", "User-agent: a\nDisallow: x\n", {("a", "/x"): True, ("a", "x"): True}),
    ("a whole URL as a pattern", "User-agent: a\nDisallow: https://n.example/x\n", {("a", "https://n.example/x"): True}),
    ("queries", "User-agent: a\nDisallow: /*?s=\n", {("a", "/x?s=1"): False, ("a", "/x?t=1&s=1"): True}),
    ("index page", "User-agent: a\nAllow: /d/index.html\nDisallow: /\n", {("a", "/d/"): True, ("a", "/d/index.html"): True, ("a", "/d/x"): False, ("a", "/d/index.htm"): False}),
    ("a closed index page", "User-agent: a\nDisallow: /d/index.html\n", {("a", "/d/"): True, ("a", "/d/index.html"): False}),
    # Comments and white space
    ("comments", "# User-agent: b\nUser-agent: a # b\nDisallow: /x#y\n", {("a", "/x"): False, ("b", "/x"): True, ("a", "/y"): True}),
    ("white space", " \tUser-agent \t:\t a \nDisallow\t:/x\t\v\f\n", {("a", "/x"): False}),
    ("no white space", "User-agent:a\nDisallow:/x", {("a", "/x"): False}),
    ("white space for a colon", "User-agent a\nDisallow \t /x\n", {("a", "/x"): False}),
    ("but not in a sentence", "User-agent: a\nDisallow /x please\n", {("a", "/x"): True}),
    ("colons in values", "User-agent: a\nDisallow: /x:y\n", {("a", "/x:y"): False, ("a", "/x"): True}),
    ("spaces in values", "User-agent: a\nDisallow: /x y\n", {("a", "/x y"): False, ("a", "/x"): True}),
    ("old line ends", "User-agent: a\rDisallow: /x\rDisallow: /y", {("a", "/x"): False, ("a", "/y"): False}),
    ("line ends of Windows", "User-agent: a\r\nDisallow: /x\r\n", {("a", "/x"): False}),
    ("line ends of all kinds", "User-agent: a\n\rDisallow: /x\r\n\nDisallow: /y", {("a", "/x"): False, ("a", "/y"): False}),
    ("no other line ends", "User-agent: a\u2028Disallow: /x\x85Disallow: /y\n", {("a", "/x"): True}),
    ("a NUL ends the line", b"User-agent: a\nDisallow: /x\0y\n", {("a", "/xz"): False}),
    # Typing errors that are frequent
    *[
        (f"key {key!r}", f"User-agent: a\n{key}: /x\n", {("a", "/x"): False})
        for key in ("Dissallow", "Dissalow", "Disalow", "Diasllow", "Disallaw", "disallowed", "Disallows")
    ],
    *[
        (f"key {key!r}", f"{key}: a\nDisallow: /x\n", {("a", "/x"): False})
        for key in ("useragent", "user agent", "User-Agents", "USERAGENT")
    ],
    *[
        (f"no key {key!r}", f"User-agent: a\n{key}: /x\n", {("a", "/x"): True})
        for key in ("Disllow", "Dis-allow", "-Disallow", "Noindex", "Block", "")
    ],
    ("an allowed star", "User-agent: a\nDisallow: /\nAllows: /x\n", {("a", "/x"): True}),
    # Encodings
    ("byte order mark", b"\xef\xbb\xbfUser-agent: a\nDisallow: /\n", {("a", "/"): False}),
    ("half a mark", b"\xef\xbbUser-agent: a\nDisallow: /\n", {("a", "/"): False}),
    ("a broken mark", b"\xef\x11\xbfUser-agent: a\nDisallow: /\n", {("a", "/"): True}),
    ("a mark within", b"User-agent: a\n\xef\xbb\xbfDisallow: /x\nDisallow: /y\n", {("a", "/x"): True, ("a", "/y"): False}),
    ("two-byte text", "User-agent: a\nDisallow: /x\n".encode("utf-16"), {("a", "/x"): False}),
    ("two-byte text, big end", b"\xfe\xff" + "User-agent: a\nDisallow: /x\n".encode("utf-16-be"), {("a", "/x"): False}),
    ("octets outside ASCII", "User-agent: a\nDisallow: /ツ\n", {("a", "/%E3%83%84"): False, ("a", "/%e3%83%84"): False, ("a", "/ツ"): False}),
    ("latin octets", b"User-agent: a\nDisallow: /\xe9\n", {("a", "/%E9"): False}),
    ("escapes in lower case", "User-agent: a\nDisallow: /%e3%83%84\n", {("a", "/%E3%83%84"): False, ("a", "/ツ"): False}),
    ("opening needs the same octets", "User-agent: a\nDisallow: /\nAllow: /ツ\n", {("a", "/%E3%83%84"): True, ("a", "/ツ"): False}),
    ("escaped letters close", "User-agent: a\nDisallow: /%62\n", {("a", "/%62"): False, ("a", "/b"): False}),
    ("letters close escaped ones", "User-agent: a\nDisallow: /b\n", {("a", "/%62"): False}),
    ("escaped letters open themselves", "User-agent: a\nDisallow: /\nAllow: /%62\n", {("a", "/%62"): True, ("a", "/b"): False}),
    ("reserved octets differ", "User-agent: a\nDisallow: /a%2Fb\n", {("a", "/a/b"): True, ("a", "/a%2fb"): False}),
    ("a query within", "User-agent: a\nDisallow: /\nAllow: /x?q=http://y?z\n", {("a", "https://n.example/x?q=http://y?z"): True}),
    ("a star meant as such", "User-agent: a\nDisallow: /%2A\n", {("a", "/*"): False, ("a", "/%2a"): False, ("a", "/x"): True}),
    ("a dollar meant as such", "User-agent: a\nDisallow: /x%24\n", {("a", "/x$"): False, ("a", "/x"): True}),
    ("a broken escape", "User-agent: a\nDisallow: /%zz%\n", {("a", "/%zz%"): False}),
    # RFC 9309 section 5
    (
        "the first example of the RFC",
        "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
        "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"
        "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n\nEOF\n",
        {
            ("foobot", "/example/page.html"): True,
            ("foobot", "/example/allowed.gif"): True,
            ("foobot", "/x"): False,
            ("barbot", "/example/page.html"): False,
            ("bazbot", "/example/page.html"): False,
            ("bazbot", "/example/x.gif"): True,
            ("quxbot", "/example/x.gif"): True,
            ("other", "/x.gif"): False,
            ("other", "/publications/x"): True,
            ("other", "/example/x"): False,
        },
    ),
    (
        "the second example of the RFC",
        "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
        {("foobot", "https://n.example/example/page/disallowed.gif"): False, ("foobot", "/example/page/x"): True},
    ),
    ("a page instead of the file", "<html><body>User-agent: a<br>Disallow: /</body></html>", {("a", "/"): True}),
]  # fmt: skip


@pytest.mark.parametrize(("told", "body", "answers"), CASES, ids=[case[0] for case in CASES])
def test_allows(told: str, body: str | bytes, answers: Answers) -> None:
    found = parse(body if isinstance(body, bytes) else body.encode())
    assert {question: found.allows(*question) for question in answers} == answers


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "/"),
        ("https://n.example", "/"),
        ("https://n.example/", "/"),
        ("https://n.example/a/b?c=http://d.e/#f", "/a/b?c=http://d.e/"),
        ("https://n.example?a", "/?a"),
        ("https://n.example;a", "/;a"),
        ("https://n.example#a/b", "/"),
        ("https://n.example:8080/a", "/a"),
        ("https://u:p@n.example/a", "/a"),
        ("n.example/a", "/a"),
        ("n.example/a;b#c", "/a;b"),
        ("//n.example/a", "/a"),
        ("/a", "/a"),
        ("/a?b=https://c/d", "/a?b=https://c/d"),
        ("/a//b", "/a//b"),
        ("?a", "/?a"),
        ("a/b", "/a/b"),
        ("page.html", "/page.html"),
    ],
)
def test_a_question_may_be_a_url_or_a_path(url: str, path: str) -> None:
    assert parse(b"User-agent: *\nDisallow: /\nAllow: " + path.encode() + b"$\n").allows("bot", url)
    assert not parse(b"User-agent: *\nDisallow: " + path.encode() + b"$\n").allows("bot", url)


DELAYS: list[tuple[str, dict[str, float | None]]] = [
    ("User-agent: *\nCrawl-delay: 10\n", {"bot": 10.0}),
    ("User-agent: *\ncrawl-delay 0.5\n", {"bot": 0.5}),
    ("User-agent: *\nCrawl-delay: 1,5\n", {"bot": 1.5}),
    ("User-agent: *\nCrawl-delay: 10s # seconds\n", {"bot": 10.0}),
    ("User-agent: *\nCrawl-delay: 999999999\n", {"bot": 86_400.0}),
    ("User-agent: *\nCrawl-delay: -1\n", {"bot": None}),
    ("User-agent: *\nCrawl-delay: nan\nCrawl-delay: inf\nCrawl-delay:\n", {"bot": None}),
    ("User-agent: *\nCrawl-delay: 2\nCrawl-delay: 5\nCrawl-delay: 3\n", {"bot": 5.0}),
    ("User-agent: bot\nCrawl-delay: 2\nUser-agent: *\nCrawl-delay: 5\n", {"bot": 2.0, "cat": 5.0}),
    ("User-agent: bot\nDisallow: /x\nUser-agent: *\nCrawl-delay: 5\n", {"bot": None, "cat": 5.0}),
    ("User-agent: a\nUser-agent: b\nDisallow: /x\nCrawl-delay: 5\n", {"a": 5.0, "b": 5.0}),
    ("User-agent: a\nDisallow: /x\nUser-agent: b\nCrawl-delay: 5\nDisallow: /y\n", {"a": None, "b": 5.0}),
    ("Crawl-delay: 5\nUser-agent: a\n", {"a": None}),
    ("", {"a": None}),
]


@pytest.mark.parametrize(("body", "delays"), DELAYS)
def test_delay(body: str, delays: dict[str, float | None]) -> None:
    found = parse(body.encode())
    assert {agent: found.delay(agent) for agent in delays} == delays


def test_sitemaps_belong_to_no_group() -> None:
    body = "Sitemap: https://n.example/a.xml # first\nUser-agent: a\nsite-map: /b.xml\nSITEMAPS:https://m.example/ç\nSitemap: /b.xml\n"
    assert parse(body.encode()).sitemaps == ("https://n.example/a.xml", "/b.xml", "https://m.example/ç")


def test_what_lies_within_the_limit_is_read() -> None:
    filler = b"# " + b"x" * 997 + b"\n"
    body = b"User-agent: *\n" + filler * 500 + b"Disallow: /x\nSitemap: /s.xml\n"
    assert len(body) < robots.MAX_BODY_BYTES
    assert not parse(body).allows("bot", "/x")
    assert parse(body).sitemaps == ("/s.xml",)


def test_what_lies_beyond_the_limit_is_not() -> None:
    head = b"User-agent: *\nDisallow: /x\n"
    line = b"Allow: /x/press\n"
    for left in range(1, len(line) - 1):  # the limit falls anywhere in the last line
        body = head + b"#" * (robots.MAX_BODY_BYTES - len(head) - left - 1) + b"\n" + line
        assert not parse(body).allows("bot", "/x/press")
        assert not parse(body).allows("bot", "/x")


def test_lines_are_cut_at_the_length_of_googles_buffer() -> None:
    room = robots.MAX_LINE_BYTES - len("disallow: /")
    body = b"user-agent: a\ndisallow: /" + b"x" * (room - 1) + b"/secret\n"
    assert not parse(body).allows("a", "/" + "x" * (room - 1) + "/other")
    assert parse(body).allows("a", "/" + "x" * (room - 1) + "z")


def test_hostile_patterns_take_linear_time() -> None:
    stars = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 8_000 + b"b$\n"
    assert parse(stars * 25).allows("bot", "/" + "a" * 20_000)
    crowd = b"".join(b"User-agent: a%d\n" % number for number in range(15_000))
    assert parse(crowd + b"Disallow: /\n" * 15_000).allows("bot", "/")
    assert parse((b"User-agent: *\nUser-agent: b\nDisallow: /\n") * 10_000).group("b").rules


PATTERN = st.text(alphabet="ab/*$%2", max_size=10)
PATH = st.text(alphabet="ab/*$%2", max_size=12).map("/{}".format)


def regular(pattern: str, path: str) -> bool:
    """The rule of RFC 9309 §2.2.3 in its shortest form, with backtracking."""
    if not pattern:
        return True
    if pattern == "$":
        return not path
    if pattern[0] == "*":
        return any(regular(pattern[1:], path[start:]) for start in range(len(path) + 1))
    return path[:1] == pattern[0] and regular(pattern[1:], path[1:])


@given(PATTERN.filter(lambda pattern: "%" not in pattern), PATH.filter(lambda path: "%" not in path))
def test_patterns_match_as_the_rfc_says(pattern: str, path: str) -> None:
    found = parse(f"User-agent: *\nDisallow: {pattern}\n".encode())
    assert found.allows("bot", path if path[1:2] != "/" else f"https://n.example{path}") == (
        not pattern or not regular(pattern, path)
    )


KEYS = st.sampled_from(["User-agent: ", "Disallow: ", "Allow: ", "Sitemap:", "Crawl-delay: ", "Foo: ", "#", ""])
LINES = st.lists(st.tuples(KEYS, st.text(max_size=12) | PATTERN | st.sampled_from(["*", "bot", "/"])), max_size=12)


@given(LINES.map(lambda lines: "\n".join(key + value for key, value in lines).encode("utf-8", "replace")) | st.binary())
def test_any_body_and_any_question_have_an_answer(body: bytes) -> None:
    found = parse(body)
    for agent in ("bot", "", "*", "Bot/1.0"):
        assert found.allows(agent, "/a") in (True, False)
        delay = found.delay(agent)
        assert delay is None or 0.0 <= delay <= robots.MAX_DELAY_SECONDS


@given(st.text(), st.text())
def test_any_path_has_an_answer(agent: str, path: str) -> None:
    assert parse(b"User-agent: *\nDisallow: /*a%62\xff$\nAllow: /b\n").allows(agent, path) in (True, False)


@given(LINES, st.sampled_from(list(string.ascii_lowercase)))
def test_what_is_said_to_others_changes_nothing(lines: list[tuple[str, str]], letter: str) -> None:
    said = "\n".join(key + value for key, value in lines if key in {"Disallow: ", "Allow: "}).encode("utf-8", "replace")
    alone = parse(b"User-agent: bot\n" + said)
    among = parse(b"User-agent: cat\nDisallow: /\n\nUser-agent: *\nDisallow: /\n\nUser-agent: bot\n" + said)
    assert alone.allows("bot", f"/{letter}") == among.allows("bot", f"/{letter}")
