"""The title above the body is cut, alone or with its byline and date; whatever else stands first is left."""

import pytest

from tasks.page.blocks import segment
from tasks.page.features import Hints
from tasks.page.head import head
from tasks.page.parse import parse

BODY = "The fisheries council decided on Thursday that boats may land a third less herring next year than in this."


@pytest.mark.parametrize(
    ("first", "titles", "is_cut"),
    [
        ("Herring quota down by a third", ["Herring quota down by a third"], True),
        ("Herring quota down by a third", ["Valley Gazette - Herring quota down by a third"], True),
        ("Herring quota down by a third", ["Herring quota down by a third | Valley Gazette and Advertiser"], True),
        ("Herring quota down by a third<br>Posted Friday 20 November", ["Herring quota down by a third"], True),
        ("Herring quota down by a third<br>By Ann Lee<br>20 November", ["Herring quota down by a third"], True),
        (f"Herring quota down by a third<br>{BODY}", ["Herring quota down by a third"], False),
        ("A third less herring", ["Herring quota down by a third"], False),
        ("Herring quota down by a third", [], False),
        ("Herring quota down by a third", ["Valley Gazette"], False),
    ],
)
def test_the_title_is_cut(first, titles, is_cut):
    outline = segment(parse(f"<body><div>{first}</div><p>{BODY}</p></body>".encode()))
    said = Hints(titles=tuple(titles))
    assert head(outline, [True] * len(outline.blocks), said) == ((0,) if is_cut else ())


def test_a_page_that_is_nothing_but_its_title_keeps_it():
    outline = segment(parse(b"<body><h1>Herring quota down by a third</h1></body>"))
    said = Hints(titles=("Herring quota down by a third",))
    assert head(outline, [True], said) == ()
