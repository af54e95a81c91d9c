"""Front pages written for the tests, in the manner of news sites' templates: html, and the paths of its articles."""

# ruff: noqa: E501, B905, SIM905 - markup is easier to judge on one line

HEADLINES = [
    "Ferry to the islands cancelled for a third day as storm lingers",
    "Council votes to close two primary schools after heated debate",
    "Police seek witnesses to collision on the harbour bridge",
    "Farmers fear for the harvest after the driest spring on record",
    "Museum buys back a painting that was stolen in 1943",
    "War",
    "New trams will run every six minutes from the summer timetable",
    "Doctors warn that waiting lists have doubled since last year",
    "Local brewery wins gold with a beer made from stale bread",
    "What the new rent rules mean for tenants and for landlords",
    "Minister resigns over undeclared meetings with lobbyists",
    "River walk reopens to the public four years after the flood",
]


def slug(title: str) -> str:
    return "-".join(title.lower().replace(",", "").split())


SLUGS = [f"/news/{slug(title)}-{1000 + n}" for n, title in enumerate(HEADLINES)]

MENU = (
    "<header class='site-header'><a href='/'>The Harbour Gazette, independent news since 1884</a><nav class='main-nav'><ul>"
    + "".join(
        f"<li><a href='/{word.lower()}'>{word}</a></li>"
        for word in "News Sport Business Culture Opinion Weather".split()
    )
    + "<li><a href='/about-us-and-our-values-today'>About us and our values in these times</a></li></ul></nav></header>"
)
FOOTER = (
    "<footer><ul>"
    + "".join(
        f"<li><a href='/{path}'>{text}</a></li>"
        for path, text in [
            ("contact", "Contact"),
            ("privacy-policy", "Privacy policy and how we use your data"),
            ("terms-and-conditions-of-use", "Terms and conditions of use of this website"),
            ("jobs", "Jobs"),
        ]
    )
    + "</ul><p>© Gazette</p></footer>"
)
TAG_CLOUD = (
    "<div class='tagcloud'>"
    + "".join(
        f"<a href='/tag/{word}'>{word}</a> " for word in "ferry storm schools budget police harvest museum tram".split()
    )
    + "</div>"
)
MOST_READ = (
    "<div class='box'><h3>Most read</h3><ol>"
    + "".join(
        f"<li><a href='/news/an-old-story-that-people-like-{n}'>An old story that many people like, part {n}</a></li>"
        for n in range(5)
    )
    + "</ol></div>"
)
SPONSORED = (
    "<section class='sponsored'><h2>From our partners</h2>"
    + "".join(
        f"<div><a href='/deals/ten-best-shoes-for-running-{n}'>Ten best shoes for running in the rain, {n}</a></div>"
        for n in range(4)
    )
    + "</section>"
)


def page(main: str, side: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>Gazette</title></head><body>{MENU}<main>{main}</main>"
        f"<aside>{side}{TAG_CLOUD}</aside>{FOOTER}</body></html>"
    )


def wordpress() -> str:
    cards = "".join(
        f"<article id='post-{n}' class='post-{n} post type-post category-{'ab'[n % 2]}'><a href='https://gazette.example{path}'>"
        f"<img src='x.jpg' alt=''></a><header class='entry-header'><h2 class='entry-title'><a href='{path}' rel=bookmark>{title}</a>"
        f"</h2><div class='entry-meta'><span class='cat-links'><a href='/category/harbour' rel='category tag'>Harbour</a></span>"
        f"<time datetime='2026-11-{24 - n:02d}T08:00:00+00:00'>November {24 - n}, 2026</time> by "
        f"<a href='/author/jo-doe-of-the-gazette-desk'>Jo Doe</a></div></header><p>Teaser of it …"
        f"<a class='more-link' href='{path}'>Continue reading {title}</a></p></article>"
        for n, (path, title) in enumerate(zip(SLUGS, HEADLINES))
    )
    return page(f"<h1>Latest</h1>{cards}<a class='next' rel=next href='/page/2/'>Older posts</a>", MOST_READ)


def cards_as_links() -> str:
    cards = "".join(
        f"<a class='card card--{'large' if n == 0 else 'small'} css-{n}x' href='{path}'><div class='media'><img alt='A picture'></div>"
        f"<div class='kicker'>Harbour</div><h3>{title}</h3><p>Summary of the story, in one sentence or two.</p>"
        f"<time datetime='2026-11-24T{n:02d}:00Z'>{n} hours ago</time></a>"
        for n, (path, title) in enumerate(zip(SLUGS, HEADLINES))
    )
    return page(f"<div class='grid'>{cards}</div>{SPONSORED}")


def old_tables() -> str:
    rows = "".join(
        f"<tr><td><font size=2>{24 - n}.11.2026</font></td><td><a href='story.php?id={700 + n}'><b>{title}</b></a></td></tr>"
        for n, title in enumerate(HEADLINES)
    )
    menu = "".join(
        f"<td><a href='list.php?cat={n}'>{word}</a></td>" for n, word in enumerate("News Sport Letters Archive".split())
    )
    return f"<html><body><table><tr>{menu}</tr></table><table>{rows}</table><a href='mailto:x@y.example'>Write</a></body></html>"


def plain_list() -> str:
    items = "".join(
        f"<li><a href='{path}'>{title}</a> <span class=date>2026-11-{24 - n}</span></li>"
        for n, (path, title) in enumerate(zip(SLUGS, HEADLINES))
    )
    return page(f"<h2>News</h2><ul>{items}</ul>")


def divisions_without_classes() -> str:
    items = "".join(
        f"<div><div><a href='{path}'><img></a></div><div><a href='{path}'>{title}</a><div>Words.</div></div></div>"
        for path, title in zip(SLUGS, HEADLINES)
    )
    menu = (
        "<div>" + "".join(f"<a href='/{word}'>{word.title()}</a>" for word in "news sport business".split()) + "</div>"
    )
    return f"<html><body>{menu}<div>{items}</div><div><a href='/imprint'>Imprint</a></div></body></html>"


def hero_and_sections() -> str:
    hero = f"<section class=hero><h1><a href='{SLUGS[0]}'>{HEADLINES[0]}</a></h1></section>"
    leads = "".join(
        f"<div class='lead'><h2><a href='{path}'>{title}</a></h2></div>"
        for path, title in zip(SLUGS[1:4], HEADLINES[1:4])
    )
    strip = "<section><h2><a href='/sport'>Sport</a></h2><ul class='strip'>" + "".join(
        f"<li class='strip__item'><a href='{path}'>{title}</a></li>" for path, title in zip(SLUGS[4:], HEADLINES[4:])
    )
    return page(hero + leads + strip + "</ul></section>", MOST_READ)


def numbers_only() -> str:
    items = "".join(
        f"<div class='teaser'><h3 class='teaser-title'><a href='/artikel/{2026110 + n}'>{title}</a></h3></div>"
        for n, title in enumerate(HEADLINES)
    )
    return page(items)


def japanese() -> str:
    titles = [
        "離島への連絡船が三日連続で欠航、嵐が続く",
        "市議会が小学校二校の閉校を可決した",
        "港の橋の衝突事故で警察が目撃者を探す",
        "記録的な少雨で農家が収穫を心配している",
    ]
    items = "".join(
        f"<li class='newsList_item'><a href='/articles/abc{1234500 + n}'><p>{title}</p><time>2026年11月{24 - n}日 10:00</time></a></li>"
        for n, title in enumerate(titles)
    )
    menu = "".join(
        f"<li><a href='/categories/{word}'>{text}</a></li>"
        for word, text in [("domestic", "国内"), ("world", "国際"), ("sports", "スポーツ")]
    )
    return f"<html lang=ja><body><ul class='menu'>{menu}</ul><ul class='newsList'>{items}</ul></body></html>"


def dated_paths() -> str:
    items = "".join(
        f"<div class='item'><a href='/2026/11/{24 - n:02d}/s{n}.html'>{title}</a></div>"
        for n, title in enumerate(HEADLINES)
    )
    return page(items, SPONSORED)


FRONTS = {
    "wordpress": (wordpress, SLUGS),
    "cards as links": (cards_as_links, SLUGS),
    "old tables": (old_tables, [f"/story.php?id={700 + n}" for n in range(12)]),
    "plain list": (plain_list, SLUGS),
    "divisions without classes": (divisions_without_classes, SLUGS),
    "hero and sections": (hero_and_sections, SLUGS),
    "numbers only": (numbers_only, [f"/artikel/{2026110 + n}" for n in range(12)]),
    "japanese": (japanese, [f"/articles/abc{1234500 + n}" for n in range(4)]),
    "dated paths": (dated_paths, [f"/2026/11/{24 - n:02d}/s{n}.html" for n in range(12)]),
}
"""Name → the function that writes the page, and the paths of its articles in the page's order."""
