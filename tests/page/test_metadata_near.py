"""The lines around a title: nearest first in each direction, counted from it, never past its surroundings."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tasks.page.metadata_near import ENOUGH, LINES_AFTER, LINES_BEFORE, near


def lines(html):
    tree = LexborHTMLParser(html)
    return {line.distance: line.text for line in near(tree, tree.css_first("h1"))}


def test_counts_from_the_title():
    found = lines("<p>Bridges</p><p>5 May</p><h1>The <b>bridge</b></h1><p>By <a>Ada</a> Lund</p><p>It is open.</p>")
    assert found == {-2: "Bridges", -1: "5 May", 0: "The bridge", 1: "By Ada Lund", 2: "It is open."}


def test_a_menu_before_the_title_is_not_walked():
    menu = "".join(f"<li>Item {n}</li>" for n in range(30_000))
    found = lines(f"<ul>{menu}</ul><h1>Bridge</h1><p>By Ada Lund</p>")
    assert found[1] == "By Ada Lund"
    assert found[-1] == "Item 29999"
    assert min(found) == -LINES_BEFORE


def test_no_more_lines_than_a_byline_can_be_away():
    found = lines("<h1>Bridge</h1>" + "<p>Line</p>" * 100)
    assert max(found) == LINES_AFTER


def test_widens_until_there_are_enough():
    nested = "<div>" * 12 + "<h1>Bridge</h1>" + "</div>" * 12
    found = lines(f"<section>{nested}</section><article>{'<p>Line</p>' * (ENOUGH + 4)}</article>")
    assert len(found) > ENOUGH


def test_scripts_and_controls_are_no_lines():
    found = lines("<script>x = 1</script><button>Share</button><h1>Bridge</h1><style>p {}</style><p>Text</p>")
    assert found == {0: "Bridge", 1: "Text"}


def test_without_a_title_the_page_begins_the_lines():
    assert lines("<p>One</p><p>Two</p>") == {0: "One", 1: "Two"}


@given(st.text(alphabet="<>/ph1div abc", max_size=120))
def test_any_markup_is_walked(html):
    found = lines(f"<h1>Bridge</h1>{html}")
    assert len(found) <= LINES_BEFORE + LINES_AFTER + 1
