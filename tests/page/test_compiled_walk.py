"""The compiled walk gives the very outlines of its Python original, or leaves the page to it."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tasks.page import blocks
from tasks.page import parse as parsing
from tasks.page.compiled import native
from tasks.page.row import as_bytes
from tasks.page.vocabulary import BLOCK, DOING, LEXICON
from tasks.records import Reject

pytestmark = pytest.mark.skipif(native is None, reason="no compiler was at hand when Wirehouse was installed")


def both(html):
    """The compiled outline (`None`: left to the reference) and the reference's; both empty for a page of frames."""
    body = LexborHTMLParser(html).body
    return (blocks._read(body), blocks._walk(body)) if body is not None else (None, None)


SAME = [
    "",
    "plain text",
    "<body class=x id=y hidden style='display:none'><p>the body's own names are not read</p>",
    "<p>one</p><p>two <b>bold</b> <i>three</i></p>",
    "<p class='story-body related' id=main role=navigation itemprop=articleBody style='x: y'>x</p>",
    "<p role=navigation>x</p><p itemprop=author id=a>y</p><p class=''>z</p><p class>z</p><p id=share>z</p>",
    "<div hidden>a<p>b</p></div><p style='color: red; display:none'>c</p><p style='display:none' id=x>d</p>",
    "<span hidden>a</span><span style='visibility: hidden'>b</span><b style>c</b><i aria-hidden=true hidden>d</i>",
    "<div aria-hidden=true class=x>a</div><div aria-hidden=false class=x>b</div><div aria-hidden=truer class=x>c</div>",
    "<p><a href='/a?b=1&amp;c=2'>first <b>words</b></a> and <a>no address</a><a href=''> </a><a href=x><img></a>tail",
    "<a class='nav menu' href=x>a</a><a class='Überschrift teaser' href=y>b</a><p class='ſhare K'>Kelvin</p>",
    "<table><tr><td>a<td>b<td>c<tr><th>d<th>e</table>",
    f"<table><tr><td>{'long ' * 100}<td>b<br>c</table>",
    "one<br>two<br><br>three" + "x" * 90 + "<br>four",
    "<pre>\n\n  kept  as\n typed <b>x</b></pre><textarea>\n a\n  b</textarea>",
    "<pre> \n </pre><pre>a<br>b</pre>",
    "a\x1eb\x1fc",
    "<p>a\x1cb\x1dc\x85d\xa0e\u2003f\u3000g\u200bh\ufeffi</p>",
    "<p>&nbsp;</p><p>a&nbsp;b &amp;amp; &lt;p&gt; &quot;&#39; &AMP &notit; &#0;&#x80;&#xd800;</p>",
    "<p title='a\"b&amp;quot;<c>'>x</p><p class='a\"b&lt;c>d&nbsp;e' id='&amp;'>y</p>",
    '<p a<b=1 "q=\'"\' =x ==y ="z" /k x\0y=z>odd attributes',
    "<b<c>odd</b<c> <a-b:c d:e=f>names</a-b:c> <b\0d e\0>here</b\0d>",
    "<P CLASS=Share class=nav HIDDEN>capitals",
    "a\0b<svg>\0c</svg>\ud800d<p id='\ud800'>e",
    "a<script>if (a<b && c>d) '</p>'</script>b<style>p > b</style>c<script> </script>d<noscript>e<b>f</b></noscript>",
    "a<script><!-- b --></script>c<script><!-- document.write('<b>') --></script>d",
    "a<script>x</script",
    "a<style>x</style ",
    "a<iframe><p>b&amp;</iframe>c<noembed><b></noembed>d<noframes><i></noframes>e<object>f<br> </object>g",
    "<xmp>a<b>&amp;</i> <!-- </xmp>c<listing>\n\na</listing>",
    "a<svg viewBox=1 xlink:href=b><title>c</title> <a xlink:href=d>e</a><path d=f /><foreignObject><p>g<br>h</svg>i",
    "a<svg><link><link/>b<source>c</source><input>d</input><image></image></svg>e<math><mi>f</mi><mtext><p>g</math>h",
    "a<svg><style>.b{fill:red}</style><script>c</script><g>d</g></svg>e",
    "a<svg><![CDATA[<b>]]></svg>c<![CDATA[d]]>e",
    "a<template><p>b</p> <br><svg></svg></template>c<p>d<template> </template>e",
    "a<!-- b --!> c --> d<!--> e<!---> f<!-- <!-- g > -- --> h<!-- i ---> j<!k> l</3>m<!-",
    "a<?php echo 'b>c' ?>d<?xml-stylesheet e?>f<? g>h",
    "<img><br></br><p/>x<input><isindex><image src=q><hr>y<wbr>z<embed>w<param>v<keygen><bgsound>u<command>t",
    "<select><option>a<b>b<option>c<optgroup><hr><selectedcontent></select>d",
    "<table>a<tr>b<td>c<caption>d</table>e<table> <tr> f",
    "<table><tr><td>a</table>b<table><td><b><table>c<script>d</script></td>e",
    "<b>1<p>2</b>3</p><a>4<div>5<a>6</div>7</a>8",
    "a</body>b</html>c<p>d<!-- e -->",
    "<frameset><frame></frameset>",
    "<ruby>a<rt>b<rp>c</ruby><dl><dt>a<dd>b<dt>c</dl><details><summary>a</summary>b</details>",
    "Привет <b>мир</b><a href='/путь'>ссылка</a><p class='комментарии'>текст</p>",
    "𝕳𝖊𝖑𝖑𝖔 <b>wörld</b> <a href='/😀'>😀</a><p id='😀 share'>x</p>",
    "<p>" + "<b>" * 600 + "deep",
    "<div>" * 3_000 + "deep" + "</div>" * 1_000 + "x",
    "<p>a</p>" * 2_000,
    "<a href=x>a</a> " * 500,
    "<p class='" + "story content " * 60 + "'>" + "x" * 300 + "<p class='" + "a" * 300 + "share'>y",
]


@pytest.mark.parametrize("html", SAME)
def test_written_pages_have_the_same_outline(html):
    got, want = both(html)
    assert got == want


LEFT_TO_THE_REFERENCE = [
    "<p>a<plaintext>b<p>c</plaintext>",
    "a<script><!--<script></script> b --></script>c",
    "<table><td>a</td></tr><b><script><!--<script></script>",
    "a<svg><style>&lt;/style>&lt;/svg>&lt;p>b&lt;/p>&lt;svg>&lt;style></style></svg>c",
    "a<svg><template> </template></svg>b",
    "a<svg><foreignObject><template> </template></svg>b",
    "a<math><xmp>&lt;/xmp>b</xmp></math>c",
]


@pytest.mark.parametrize("html", LEFT_TO_THE_REFERENCE)
def test_markup_that_can_be_read_two_ways_is_left_to_the_reference(html):
    tree = LexborHTMLParser(html)
    assert blocks._read(tree.body) is None
    assert blocks.segment(tree) == blocks._walk(tree.body)


KNOWN = (blocks.TAGS, blocks.OTHER_TAG, LEXICON, blocks.name_bits, blocks._close, blocks._CONCEALED)
BROKEN = [
    "",
    "<",
    "<body",
    "<body>",
    "<body><p>",
    "<body></p></body>",
    "<body><p></body>",
    "<body></body>x",
    "<body x>",
]
BROKEN += ['<body a="', "<body><!--", "<body><!-->", "<body><?", "<body></", "<body><script>", "<body><script></script"]
BROKEN += ["<body><p a=b></p></body>", "<body><", "<body><p", "<p></p>", "<body><svg><br></body>", '<body><p =="']


@pytest.mark.parametrize("page", BROKEN)
@pytest.mark.parametrize("wide", ["", "я", "😀"])
def test_markup_that_does_not_close_is_not_read(page, wide):
    assert native.walk(page + wide, *KNOWN, blocks.Holder, blocks.Block) is None


def test_knowledge_that_is_none_is_refused():
    with pytest.raises(ValueError, match="tuple types"):
        native.walk("<body></body>", *KNOWN, dict, blocks.Block)
    with pytest.raises(ValueError, match="PyCapsule"):
        native.walk("<body></body>", *KNOWN[:2], None, *KNOWN[3:], blocks.Holder, blocks.Block)
    with pytest.raises(ValueError, match="no room"):
        native.lexicon((("x" * 50, 1),), (), 40, 200)


def test_an_error_of_the_reference_comes_through():
    def close(*_):
        raise ArithmeticError("broken")

    with pytest.raises(ArithmeticError, match="broken"):
        native.walk("<body>a<br>b</body>", *KNOWN[:4], close, KNOWN[5], blocks.Holder, blocks.Block)


SPACES = st.sampled_from(["", " ", "\n", "\xa0", "&nbsp;", "\u3000", "\x1e", "\x1f", "\x85", "\t \r\n"])
SCRAPS = [
    "&amp;",
    "&lt;",
    "&lt;/style>",
    "&quot",
    "&",
    "<",
    ">",
    "\0",
    "\ud800",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x",
]
SCRAPS += ["</script>", "<script>", "</p", "я", "😀", "é", "&#60;/svg&#62;", "&nbsp", "x" * 90]
WORDS = st.one_of(st.sampled_from(SCRAPS), st.text(max_size=6), st.sampled_from(["word", "Another sentence."]))
ODD_TAGS = "svg math title desc foreignObject mtext annotation-xml style script xmp iframe noembed noframes plaintext "
ODD_TAGS += (
    "template noscript textarea pre listing select option table caption tbody tr td th col form frameset body html "
)
ODD_TAGS += "head image isindex source link p li button nobr ruby rt b<c a:b"
TAGS = st.one_of(st.sampled_from(sorted(filter(None, DOING))), st.sampled_from(ODD_TAGS.split()))
NAMES = st.one_of(
    st.sampled_from(
        ["articleBody", "storyBODYText", "HTMLRelated", "sign-up", "signUp2", "XMenuH1", "ſhare", "a1b nav"]
    ),
    st.text(alphabet="abCDEnavmeu-_1 \t\xa0İKé", max_size=30),
)
VALUES = st.one_of(NAMES, SPACES, WORDS, st.sampled_from(["display:none", "a; visibility: hidden", "true", "a\"b'c"]))
KEYS = st.sampled_from(
    ["class", "id", "style", "hidden", "role", "itemprop", "href", "aria-hidden", "is", "=a", '"b', "<c"]
)


@st.composite
def tags(draw):
    pairs = draw(st.lists(st.tuples(KEYS, VALUES, st.sampled_from("'\"")), max_size=4))
    attributes = "".join(f" {key}={quote}{value.replace(quote, '')}{quote}" for key, value, quote in pairs)
    return f"<{draw(TAGS)}{attributes}>"


PIECES = st.one_of(WORDS, SPACES, tags(), tags(), TAGS.map("</{}>".format), st.just("<!-- - -->"))


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=300)
def test_odd_markup_has_the_same_outline(html):
    tree = LexborHTMLParser(html)
    if tree.body is not None:
        assert blocks.segment(tree) == blocks._walk(tree.body)


@given(NAMES)
@settings(max_examples=300)
def test_names_belong_to_the_same_groups(names):
    got, want = both(f'<p class="{names}">x')
    assert got == want


def test_the_tags_are_those_of_the_vocabulary():
    assert blocks.OTHER_TAG == (BLOCK, 0, 0)
    assert all(blocks.TAGS[tag][:2] == told for tag, told in DOING.items())


TAG_SCRAPS = [
    "<",
    "</",
    ">",
    "/",
    " ",
    "<p",
    "<div",
    "<DIV>",
    "</div>",
    "<TD>",
    "<b/>",
    "<a b=c>",
    "<1",
    "<!--",
    "é",
    "\x0b",
]


@given(st.lists(st.sampled_from([*TAG_SCRAPS, "x" * 60]), max_size=60).map("".join))
def test_tags_lie_as_deep(html):
    assert native.nesting(html.encode(), tuple(parsing._UNCLOSED)) == parsing._depth(html.encode())


def test_names_of_tags_must_be_bytes():
    with pytest.raises(TypeError, match="bytes"):
        native.nesting(b"<p>", ("p",))


@pytest.mark.corpora
@pytest.mark.slow
@pytest.mark.parametrize("name", ["wcxb", "fundus"])
def test_real_pages_have_the_same_outline(corpora, name):
    differing, left = [], 0
    with gzip.open(corpora / "extraction" / f"{name}_dev.jsonl.gz", "rt", encoding="utf8") as lines:
        for page in map(json.loads, lines):
            tree = parsing.parse(as_bytes(page["html"]))
            if isinstance(tree, Reject) or tree.body is None:
                continue
            got, want = blocks._read(tree.body), blocks._walk(tree.body)
            left += got is None
            if got is not None and got != want:
                differing.append(page["id"])
    assert differing == []
    assert left <= 10  # scripts that write scripts into comments
