"""Templates: what returns on different articles is furniture, and a body is never cut."""

from datetime import UTC, datetime

from tasks.page.article import extract, outline
from tasks.page.template import fits, from_row, learn, to_row
from tasks.records import Article

NOW = datetime(2024, 11, 5, tzinfo=UTC)
APPEAL = "Our reporters depend on readers in every valley, and a small yearly gift keeps their bicycles on the road."


def page(n, *, redesign=False):
    box = "block-x" if redesign else "q7"
    body = "".join(
        f"<p>{place} council met on day {n} to discuss plan {n * 31 + k}, which {name} had prepared since spring, and "
        f"decided by {n + k + 3} votes to ask the engineers for a second opinion about bridge {n * k + 5}.</p>"
        for k, (place, name) in enumerate([("Aldridge", "Ms Orr"), ("Benley", "Mr Voss"), ("Corwen", "Dr Ames")] * 2)
    )
    return (
        f"<html><head><title>Council decides on plan {n} for bridge {n * 5}</title></head><body><div class='w'>"
        f"<h1>Council decides on plan {n} for bridge {n * 5}</h1><div class='{box}'>{body}</div>"
        f"<div class='z9'><p>{APPEAL}</p></div></div></body></html>"
    ).encode()


def test_too_few_or_equal_pages_teach_nothing():
    different = [outline(page(n), None) for n in range(4)]
    assert learn("example.org", different, NOW) is None
    assert learn("example.org", different * 5, NOW) is None


def test_what_returns_is_removed_and_bodies_stay():
    template = learn("example.org", [outline(page(n), None) for n in range(8)], NOW)
    assert template is not None
    assert template.page_count == 8
    article = extract(page(20), None, template)
    assert isinstance(article, Article)
    assert APPEAL not in article.text
    assert article.text.count("second opinion") == 6


def test_a_redesign_is_cleaned_as_without_template():
    template = learn("example.org", [outline(page(n), None) for n in range(8)], NOW)
    assert template is not None
    article = extract(page(30, redesign=True), None, template)
    assert isinstance(article, Article)
    assert article.text.count("second opinion") == 6


def test_version_follows_content_and_rows_round_trip():
    pages = [outline(page(n), None) for n in range(6)]
    one, other = learn("example.org", pages, NOW), learn("example.org", pages[::-1], NOW)
    assert one is not None
    assert other is not None
    assert one.version == other.version
    row = to_row(one)
    stored = {"site": row["site"]} | {f"template_{key}": value for key, value in row.items()}
    assert from_row(stored) == one


def test_an_unknown_make_does_not_fit():
    template = learn("example.org", [outline(page(n), None) for n in range(6)], NOW)
    assert template is not None
    assert not fits(template, ["div.other<div<body"] * 10)
