"""The compiled columns and prompts are those that the arrays and loops of features.py and prompts.py compute."""

from __future__ import annotations

import gzip
import json
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.page import features as features_module
from tasks.page import metadata, prompts
from tasks.page import reasons as reasons_module
from tasks.page.blocks import Block, Holder, Outline, segment
from tasks.page.choose import chances, chosen
from tasks.page.compiled import native
from tasks.page.features import Hints, feature_names
from tasks.page.features import features as features_by
from tasks.page.hints import hints
from tasks.page.parse import parse
from tasks.page.prompts import prompt_bits
from tasks.page.reasons import reasons
from tasks.page.row import as_bytes
from tasks.page.vocabulary import GROUPS, PLACE_TAGS, TAG_BIT
from tasks.page.wording import SLOT_BITS, Wording
from tasks.records import Reject

pytestmark = pytest.mark.skipif(native is None, reason="no compiler was at hand when Wirehouse was installed")
NAMES = feature_names()


@contextmanager
def pure() -> Iterator[None]:
    """In here the Python originals do the work."""
    features_module.native = prompts.native = reasons_module.native = None
    try:
        yield
    finally:
        features_module.native = prompts.native = reasons_module.native = native


_SLOTS = np.random.default_rng(1).integers(-128, 128, (2, 1 << SLOT_BITS)).astype(np.int8)
WORDING = Wording(words=_SLOTS[0], names=_SLOTS[1], words_scale=0.01, names_scale=0.02, words_bias=-0.3, names_bias=0.1)


def features(outline: Outline, said: Hints, names: tuple[str, ...]) -> np.ndarray:
    return features_by(outline, said, names, WORDING)


def assert_same(outline: Outline, said: Hints) -> None:
    compiled = features(outline, said, NAMES)
    with pure():
        reference = features(outline, said, NAMES)
    for name, row, expected in zip(NAMES, compiled, reference, strict=True):
        np.testing.assert_allclose(row, expected, rtol=1e-5, atol=1e-6, err_msg=name)


def page(body: str) -> Outline:
    tree = parse(f"<html><body>{body}</body></html>".encode())
    assert not isinstance(tree, Reject)
    return segment(tree)


SENTENCE = "The harbour commission said on Monday that berth 4 would be dredged before winter, weather permitting. "
TOLD = Hints(
    titles=("Harbour to be dredged — The Gazette", "Harbour to be dredged"),
    description="The commission said that berth 4 would be dredged.",
    article_body=SENTENCE * 3,
)
CUT_OFF = ("…", "...", "[…]", "[...]", "…]", "...]", "..", "]", ".]", "a…b")
LINES = ("© 2024", "©", "Via", "via Reuters", "viable", "» Read also: x", "Related", "相关阅读", "İlgili", "ΣΧΕΤΙΚΆ")
PAGES: dict[str, tuple[str, Hints]] = {
    "one word": ("a", Hints()),
    "an article": (
        f"<nav><ul><li><a href=/>Home</a><li><a href=/s>Sport</a></ul></nav><main><article class='story-body'>"
        f"<h1>Harbour to be dredged</h1><p>{SENTENCE * 2}</p><h2>Why now?</h2><p>{SENTENCE}</p><p>{SENTENCE}</p>"
        f"<div class=related><h3>Read also:</h3><p><a href=/b>A longer headline of another story…</a></p>"
        f"<p><a href=/c>Another […]</a></p></div></article></main><footer hidden>© The Gazette</footer>",
        TOLD,
    ),
    "no words are told": (f"<p>{SENTENCE}</p>", Hints(titles=("—", "..."), description="!")),
    "nothing good": ("<div><div><div>a</div></div></div><p>b<p>c", TOLD),
    "copies": ("<p>Share</p>" * 300 + f"<div>{SENTENCE}</div>", TOLD),
    "deep": ("<div>" * 60 + SENTENCE + "</div><p>more</p>" * 60, TOLD),
    "wide": ("<h1>港湾を浚渫</h1><p>" + "港湾委員会は月曜日、第四埠頭を浚渫すると述べた。" * 3 + "</p>関連記事", TOLD),
    "capitals that Python lowers by context": (
        "<h1>ΟΔΟΣ ΟΔΥΣΣΕΑΣ</h1><p>ΣΧΕΤΙΚΆ ΆΡΘΡΑ</p><p>İLGİLİ HABERLER</p><p>İstanbul ΣΑΣ Σ</p><p>ILGILI HABERLER</p>",
        Hints(titles=("οδος Οδυσσεας", "İSTANBUL"), description="ΣΑΣ σας i̇stanbul"),
    ),
    "beyond the basic plane": ("<p>𝒜𝒷𝒸 𐐀𐐨 😀😀 x</p><p>😀</p><p>𐐀</p>", Hints(titles=("𐐨 𝒜𝒷𝒸", "😀"))),
    "cut off": ("".join(f"<p>{end}</p>" for end in CUT_OFF), TOLD),
    "phrases": ("".join(f"<p>{line}</p>" for line in LINES), TOLD),
    "long lines": (
        f"<p>{SENTENCE * 60}</p><p>{'w' * 30_000}</p>",
        Hints(titles=("w" * 30_000,), description="harbour"),
    ),
    "many titles": (f"<p>{SENTENCE}</p>", Hints(titles=tuple(f"Title {n} harbour" for n in range(63)))),
    "too many titles": (f"<p>{SENTENCE}</p>", Hints(titles=tuple(f"Title {n} harbour" for n in range(64)))),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_columns_of_written_pages(name):
    body, said = PAGES[name]
    assert_same(page(body), said)


LETTERS = st.characters() | st.sampled_from("ΣσςİIıſẞß…»›|[( \u200b\t\n_0٣²߀𐐀😀\ud800关相")
TEXTS = st.text(LETTERS, min_size=1, max_size=90) | st.sampled_from(LINES)
COUNTS = st.integers(0, 200)
BITS = st.integers(0, (1 << len(GROUPS)) - 1) | st.sampled_from([1 << n for n in range(len(GROUPS))])
TAGS = st.sampled_from(("div", "p", "h1", "h2", "article", "main", "li", "made-up", None))


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    holders = [Holder(0, 0, "body", "", 0, 0, 0, 0)]
    for _ in range(draw(st.integers(0, 12))):
        parent = draw(st.integers(0, len(holders) - 1))
        above, tag, bits = holders[parent], draw(TAGS), draw(BITS)
        tags = above.tags_above | TAG_BIT.get(tag or "", 0)
        names = draw(st.sampled_from(("", "a", "a b", "\ud800é")))
        holders.append(
            Holder(parent, above.depth + 1, tag, names, bits, above.above | bits, tags, draw(st.integers(0, 7)))
        )
    where = st.integers(0, len(holders) - 1)
    made = st.builds(Block, TEXTS, where, COUNTS, COUNTS, COUNTS, BITS, st.booleans())
    return Outline(holders=holders, blocks=draw(st.lists(made, min_size=1, max_size=20)))


HINTS = st.builds(
    Hints,
    titles=st.lists(TEXTS, max_size=4).map(tuple),
    description=st.text(LETTERS, max_size=200),
    article_body=st.text(LETTERS, max_size=200),
)


@given(outlines(), HINTS, st.booleans())
def test_columns_of_made_up_outlines(outline, said, is_told):
    texts = [block.text for block in outline.blocks]
    if is_told:  # such words and beginnings do stand in the blocks
        said = Hints(
            titles=(texts[0], *said.titles), description=" ".join(texts[:3]), article_body=" ".join(texts[::2])
        )
    assert_same(outline, said)


def assert_same_reasons(outline: Outline, kept: list[bool], said: Hints) -> None:
    compiled = reasons(outline, kept, said)
    with pure():
        assert compiled == reasons(outline, kept, said)


@given(outlines(), HINTS, st.integers(0), st.booleans())
def test_reasons_of_made_up_outlines(outline, said, mask, is_told):
    texts = [block.text for block in outline.blocks]
    if is_told:
        said = Hints(titles=(texts[-1].upper(), *said.titles), description=" ".join(texts).upper())
    assert_same_reasons(outline, [bool(mask >> n & 1) for n in range(len(texts))], said)


@given(TEXTS)
def test_prompts_of_made_up_lines(line):
    compiled = prompt_bits(line)
    with pure():
        assert compiled == prompt_bits(line)


def test_prompts_of_all_phrases():
    phrases = [phrase for group in prompts._PHRASES.values() for phrase, _ in group]
    shapes: tuple[Callable[[str], str], ...] = (
        str,
        str.upper,
        "• {}".format,
        "{} x".format,
        "{}x".format,
        "{}…".format,
    )
    lines = [shape(phrase) for phrase in phrases for shape in shapes]
    compiled = [prompt_bits(line) for line in lines]
    with pure():
        assert compiled == [prompt_bits(line) for line in lines]


def test_every_letter_is_lowered_and_is_part_of_words_as_in_python():
    letters = [chr(code) for code in range(0x110000)]
    texts = ["".join(f"{letter}a{letter} " for letter in letters[n : n + 60]) for n in range(0, 0x110000, 60)]
    holders = [Holder(0, 0, "body", "", 0, 0, 0, 0)]
    blocks = [Block(text, 0, 0, 0, 0, 0, False) for text in texts]
    said = Hints(titles=(string.ascii_letters,), description="".join(f"{text.lower()} " for text in texts[::7]))
    names = ("title_likeness", "title_cover", "described", "digits", "letters", "upper", "others", "start_kind")
    outline = Outline(holders=holders, blocks=blocks)
    compiled = features(outline, said, names)
    with pure():
        np.testing.assert_allclose(compiled, features(outline, said, names), rtol=1e-6)


def test_any_choice_of_columns_gives_the_same_rows():
    body, said = PAGES["an article"]
    outline = page(body)
    everything = dict(zip(NAMES, features(outline, said, NAMES), strict=True))
    for start in range(0, 40):
        names = NAMES[start::40][::-1]
        for name, row in zip(names, features(outline, said, names), strict=True):
            np.testing.assert_array_equal(row, everything[name], err_msg=name)


@pytest.mark.parametrize(
    "name", ["", "no_such", "own_", "own_no_such", "depth+1", "length+4", "length+0", "heading_depth"]
)
def test_unknown_columns_are_refused(name):
    with pytest.raises(KeyError):
        features(page("a"), Hints(), (name,))


HOLDER = Holder(0, 0, "body", "", 0, 0, 0, 0)
BLOCK = Block("a", 0, 0, 0, 0, 0, False)


@pytest.mark.parametrize(
    ("holders", "blocks"),
    [
        ([], [BLOCK]),
        ([HOLDER], []),
        ([HOLDER], [BLOCK._replace(text="")]),
        ([HOLDER], [BLOCK._replace(holder=1)]),
        ([HOLDER], [BLOCK._replace(holder=-1)]),
        ([HOLDER], [BLOCK[:3]]),
        ([HOLDER], [None]),
        ([HOLDER], [BLOCK._replace(links=None)]),
        ([HOLDER, HOLDER._replace(parent=1)], [BLOCK]),
        ([HOLDER._replace(parent=1), HOLDER], [BLOCK]),
        ([HOLDER._replace(tag=b"div")], [BLOCK]),
        ([HOLDER._replace(bits=1 << 70)], [BLOCK]),
    ],
)
def test_outlines_that_are_none_are_refused(holders, blocks):
    with pytest.raises((ValueError, TypeError, OverflowError)):
        features(Outline(holders=holders, blocks=blocks), Hints(), NAMES)


@pytest.mark.parametrize(
    ("holders", "blocks", "kept"),
    [
        ([HOLDER], [BLOCK], []),
        ([HOLDER], [BLOCK[:3]], [False]),
        ([HOLDER], [BLOCK._replace(holder=1)], [False]),
        ([HOLDER._replace(parent=1)], [BLOCK], [False]),
        ([HOLDER[:3]], [BLOCK], [False]),
        ([HOLDER._replace(above=1 << 70)], [BLOCK], [False]),
    ],
)
def test_reasons_of_outlines_that_are_none_are_refused(holders, blocks, kept):
    with pytest.raises((ValueError, TypeError, OverflowError)):
        reasons(Outline(holders=holders, blocks=blocks), kept, Hints())


def test_the_vocabulary_fits_the_words_of_the_compiled_part():
    assert max(len(GROUPS), len(PLACE_TAGS)) < 63


def test_many_blocks_take_linear_time_and_any_text():
    texts = ["Read more: next"] * 10_000 + [f"line {n} Σ" for n in range(20_000)] + ["w" * 3_000_000, "\ud800" * 400]
    holders = [Holder(max(0, n - 1), n, "div", f"n{n % 7}", 0, 0, 0, 0) for n in range(10_000)]
    blocks = [Block(text, n % 10_000, 0, 0, 0, 0, False) for n, text in enumerate(texts)]
    names = ("copies", "alike", "title_likeness", "says_related", "length", "steps_half", "from_span_start")
    compiled = features(Outline(holders=holders, blocks=blocks), TOLD, names)
    with pure():
        reference = features(Outline(holders=holders, blocks=blocks), TOLD, names)
    np.testing.assert_allclose(compiled, reference, rtol=1e-5, atol=1e-6)


def development_pages(folder: Path) -> Iterator[dict[str, Any]]:
    for name in ("wcxb", "fundus"):
        with gzip.open(folder / "extraction" / f"{name}_dev.jsonl.gz", "rt", encoding="utf8") as lines:
            for line in lines:
                yield json.loads(line)


@pytest.mark.corpora
@pytest.mark.slow
def test_columns_kept_blocks_and_reasons_of_all_development_pages(corpora):
    for line in development_pages(corpora):
        tree = parse(as_bytes(line["html"]), line.get("url"))
        if isinstance(tree, Reject):
            continue
        about = metadata.read(tree, line.get("url"))
        outline, said = segment(tree), hints(about)
        if not outline.blocks:
            continue
        assert_same(outline, said)
        kept, _ = chosen(outline, chances(outline, said), about.types, None)
        with pure():
            expected, _ = chosen(outline, chances(outline, said), about.types, None)
        assert kept == expected, line.get("url")
        assert_same_reasons(outline, kept, said)
