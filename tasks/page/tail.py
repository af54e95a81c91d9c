"""Cutting the tail: what stands after the last true paragraph, in whatever markup.

Observed (DESIGN.md's dirty page and its kin): a line `Source link`, a heading `You May Also Like`, then pairs of a
headline and a cut-off teaser ending in an ellipsis; also sign-up lines, tags and share words. In plain `<p>` inside the
article's own element nothing in a block's neighbourhood tells it from the body, and no extractor measured removes it.

Theory: a *prompt* (a line that is nothing but a known phrase) opens a tail when what follows looks like teasers, that
is, when most of it is linked, ends in an ellipsis, or stands as headlines without a final stop. A phrase alone never
cuts: "Related measures" may head a genuine list of demands, and a genuine last section has sentences, list marks or
answers but neither links nor ellipses. Cutting stops where prose resumes. Pairs of headline and ellipsis are cut even
without a prompt, because an earlier step may have taken the prompt away.

Known exceptions: a tail of complete sentences without links, ellipses or a prompt cannot be told from the body here;
class names and the site's template may know it. Weak prompts ("Related", "Recommended", one word) need links or
ellipses; strong ones also cut bare headlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tasks.page.blocks import Block, Outline
from tasks.page.prompts import PROMPT_BIT, REASON_OF_GROUP, prompt_bits
from tasks.page.vocabulary import GROUP_BIT, TAG_BIT
from tasks.records import Removing

# A prompt line is no longer than this (characters) and the phrase is most of it.
_LONGEST_PROMPT = 70
_PROMPT_SHARE = 0.6
# A tail begins in the last 70 % of the body's characters: a prompt before that is a box inside the text.
_EARLIEST = 0.3
# Prose: a paragraph at least this long (characters; CJK characters count three) with a final stop, hardly linked.
_PROSE = 160
# Headlines and teasers are shorter than this.
_LONGEST_TEASER = 400
_LONGEST_HEADLINE = 160
# A line from this length on (characters) that ends in a full stop is a sentence; tabloids print them as paragraphs.
_SENTENCE = 60
# No tail is larger than this share of the text: where headlines are half of it, the page is a list of them.
_LARGEST_SHARE = 0.4
# At most this many lines above a proven tail are taken for prompts in unknown words.
_MOST_UNKNOWN = 2
# A tail has at most this many blocks: it bounds the work on a page of prompts.
_FARTHEST = 400
# Share of what follows a prompt that must look like a teaser.
_TEASER_SHARE = 0.6
# Without a prompt at least this many pairs of headline and ellipsis make a tail.
_FEWEST_PAIRS = 2
# A single pair counts with two lines above it: four blocks from the first line to the teaser.
_LONGEST_HEAD = 3

ELLIPSES = ("…", "...", "[…]", "[...]", "…]", "...]", "… »", "...»", "……", "...)", "…)")
_FULL_STOPS = (".", "!", "?", "。", "！", "？", "।", "۔", ".”", '."', ".“", ".»", "。”", "。」")
_STOPS = tuple('.!?。！？؟।॥:：;”"»」』)）…۔')
_OPENING = PROMPT_BIT["related"]
_LISTS = TAG_BIT["li"] | TAG_BIT["dd"] | TAG_BIT["td"] | TAG_BIT["th"] | TAG_BIT["blockquote"] | TAG_BIT["pre"]
_TEASER_NAMES = GROUP_BIT["related"] | GROUP_BIT["teaser"] | GROUP_BIT["ad"]
# Groups whose prompt, as the last line of a body, is dropped with nothing after it.
_LAST_LINES = sum(PROMPT_BIT[g] for g in ("related", "source_link", "sign_up", "share", "comments"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """A block to remove, and as what."""

    position: int
    reason: Removing


def tail(outline: Outline, kept: Sequence[bool]) -> tuple[Cut, ...]:
    """The kept blocks that belong to a tail, in document order."""
    view = _View(outline, kept)
    if len(view.blocks) < 2:
        return ()
    cuts: dict[int, Removing] = {}
    for at, (bits, _) in enumerate(view.prompts):
        if at and bits & _OPENING and at not in cuts and view.opens_tail(at):
            cuts |= _after_prompt(view, at)
    cuts |= _pairs(view, cuts)
    cuts |= _unknown_prompts(view, cuts)
    cuts |= _last_lines(view, cuts)
    return tuple(
        Cut(position=view.start + at, reason=reason) for at, reason in sorted(cuts.items()) if view.is_kept[at]
    )


class _View:
    """The blocks from the first to the last kept one, numbered from 0, with what a reader sees of each.

    Blocks in between that are already given up stay in view: a prompt that is gone still opens its tail.
    """

    __slots__ = ("before", "blocks", "is_kept", "last_prose", "outline", "prompts", "start", "total")

    def __init__(self, outline: Outline, kept: Sequence[bool]) -> None:
        self.outline = outline
        spots = [n for n, keep in enumerate(kept) if keep]
        self.start, end = (spots[0], spots[-1] + 1) if spots else (0, 0)
        self.blocks = outline.blocks[self.start : end]
        self.is_kept = list(kept[self.start : end])
        self.prompts = [prompt_bits(block.text) if len(block.text) <= 200 else (0, 0) for block in self.blocks]
        sizes = [len(block.text) if keep else 0 for block, keep in zip(self.blocks, self.is_kept, strict=True)]
        self.before = list(accumulate(sizes, initial=0))
        self.total = self.before[-1]
        self.last_prose = next((at for at in range(len(self.blocks) - 1, -1, -1) if self.is_prose(at)), -1)

    def is_prompt(self, at: int) -> bool:
        bits, length = self.prompts[at]
        text = self.blocks[at].text
        return bits > 0 and len(text) <= _LONGEST_PROMPT and length >= _PROMPT_SHARE * len(_bare(text))

    def opens_tail(self, at: int) -> bool:
        """Whether a line with such a phrase is nothing but it, and stands late enough."""
        if not self.is_prompt(at):
            return False
        return self.before[at] >= _EARLIEST * self.total or at > self.last_prose >= 0

    def is_strong(self, at: int) -> bool:
        """Whether the phrase is more than one word: such a line heads nothing but furniture."""
        text = _bare(self.blocks[at].text)
        return len(text.split()) > 1 or (not text.isascii() and len(text) >= 4 and ord(text[0]) > 0x2E80)

    def is_linked(self, at: int) -> bool:
        block = self.blocks[at]
        return block.link_chars >= 0.6 * len(block.text)

    def is_cut_off(self, at: int) -> bool:
        text = self.blocks[at].text
        return len(text) <= _LONGEST_TEASER and text.endswith(ELLIPSES)

    def is_headline(self, at: int) -> bool:
        """A short line without a final stop that is no item of a list, row of a table or quotation."""
        block = self.blocks[at]
        if len(block.text) > _LONGEST_HEADLINE or self.is_listed(block):
            return False
        return not block.text.endswith(_STOPS) or block.text.endswith(("?", "!", "？", "！", "؟", "”", '"', "»", ")"))

    def is_listed(self, block: Block) -> bool:
        return bool(self.outline.holders[block.holder].tags_above & _LISTS)

    def is_named_teaser(self, at: int) -> bool:
        holder = self.outline.holders[self.blocks[at].holder]
        return bool((holder.bits | self.outline.holders[holder.parent].bits) & _TEASER_NAMES)

    def is_prose(self, at: int) -> bool:
        block = self.blocks[at]
        if not self.is_kept[at]:
            return False
        text = block.text
        size = len(text) if text.isascii() or ord(text[len(text) // 2]) < 0x2E80 else 3 * len(text)
        return size >= _PROSE and block.link_chars < 0.3 * len(text) and not text.endswith(ELLIPSES)

    def is_sentence(self, at: int) -> bool:
        block = self.blocks[at]
        is_long = len(block.text) >= _SENTENCE or not block.text[0].isascii()
        return is_long and self.is_kept[at] and block.text.endswith(_FULL_STOPS) and not self.is_linked(at)

    def resumes_prose(self, at: int, prompt: int) -> bool:
        """Whether the body goes on here: a paragraph, or a sentence that is not the teaser of the headline above it."""
        if self.is_prose(at):
            return True
        return self.is_sentence(at) and not self.is_cut_off(at) and at > prompt + 1 and self.is_sentence(at - 1)

    def size(self, positions: Iterable[int]) -> int:
        """Kept characters of some blocks."""
        return sum(len(self.blocks[at].text) for at in positions if self.is_kept[at])


def _bare(text: str) -> str:
    return text.strip(" \u200b\u200e\u200f:：-–—•·*>»›«▶►■●→|[]()#…")


def _after_prompt(view: _View, prompt: int) -> dict[int, Removing]:
    """The tail that a prompt opens; empty when what follows is not made of teasers."""
    end = prompt + 1
    while end < min(len(view.blocks), prompt + _FARTHEST) and not view.resumes_prose(end, prompt):
        end += 1
    after = range(prompt + 1, end)
    if not after:
        return {}
    telling = [at for at in after if view.is_cut_off(at) or view.is_linked(at) or view.is_named_teaser(at)]
    is_last = end == len(view.blocks)
    if not is_last:  # prose resumes: what stands right before it is its own
        after = range(prompt + 1, telling[-1] + 1 if telling else prompt + 1)
    headlines = [at for at in after if at not in telling and view.is_headline(at)]
    enough = len(telling) + len(headlines) >= _TEASER_SHARE * len(after)
    proven = bool(telling) and len(telling) >= 0.3 * len(after)
    if not enough or not (proven or (view.is_strong(prompt) and is_last)):
        return {}
    if view.size(after) > _LARGEST_SHARE * view.total:
        return {}
    found = _reasons(view, range(prompt, after.stop))
    return {at: reason for at, reason in found.items() if view.is_linked(at) or not view.is_listed(view.blocks[at])}


def _reasons(view: _View, positions: range) -> dict[int, Removing]:
    found = {}
    for at in positions:
        bits = view.prompts[at][0] if len(view.blocks[at].text) <= _LONGEST_PROMPT else 0
        group = next((g for g, bit in PROMPT_BIT.items() if bits & bit), None)
        found[at] = REASON_OF_GROUP[group] if group else Removing.TEASER
    return found


def _pairs(view: _View, cuts: dict[int, Removing]) -> dict[int, Removing]:
    """Headlines with cut-off teasers at the end of the body, without any prompt."""
    last = len(view.blocks) - 1
    while last > 0 and (last in cuts or not view.is_kept[last] or (view.is_prompt(last) and not view.is_cut_off(last))):
        last -= 1
    at, pairs, first = last, 0, last + 1
    while at > 0 and view.is_cut_off(at) and not view.is_listed(view.blocks[at]):
        if not (view.is_headline(at - 1) and not view.is_cut_off(at - 1)):
            break
        pairs, first, at = pairs + 1, at - 1, at - 2
    while pairs == 1 and at > 0 and last - first < _LONGEST_HEAD and _is_bare_line(view, at):
        first, at = at, at - 1  # a single pair needs the lines of a prompt or a source above it
    is_headed = pairs == 1 and last - first == _LONGEST_HEAD
    found = range(first, last + 1)
    is_tail = (pairs >= _FEWEST_PAIRS or is_headed) and view.size(found) <= _LARGEST_SHARE * view.total
    return _reasons(view, found) if is_tail else {}


def _is_bare_line(view: _View, at: int) -> bool:
    block = view.blocks[at]
    return len(block.text) <= _LONGEST_PROMPT and not block.text.endswith(_STOPS) and not view.is_listed(block)


def _unknown_prompts(view: _View, cuts: dict[int, Removing]) -> dict[int, Removing]:
    """Short lines between the last sentence and a tail that is proven by ellipses: prompts in words we do not know."""
    tail_start = len(view.blocks)
    while tail_start - 1 in cuts or (tail_start and not view.is_kept[tail_start - 1]):
        tail_start -= 1
    if not any(view.is_cut_off(at) for at in cuts if at >= tail_start):
        return {}
    found: dict[int, Removing] = {}
    for at in range(tail_start - 1, max(0, tail_start - 1 - _MOST_UNKNOWN), -1):
        if not _is_bare_line(view, at):
            break
        found |= _reasons(view, range(at, at + 1))
    return found


def _last_lines(view: _View, cuts: dict[int, Removing]) -> dict[int, Removing]:
    """Prompt lines that are left as the body's last lines, and lines of nothing but a source link before a tail."""
    found: dict[int, Removing] = {}
    for at in range(len(view.blocks) - 1, 0, -1):
        if at in cuts or not view.is_kept[at]:
            continue
        if not (view.is_prompt(at) and view.prompts[at][0] & _LAST_LINES) and not _is_source(view, at, cuts):
            break
        if view.is_listed(view.blocks[at]) and not view.is_linked(at):
            break
        found |= _reasons(view, range(at, at + 1))
    return found


def _is_source(view: _View, at: int, cuts: dict[int, Removing]) -> bool:
    """Whether a line names the source right above a tail: "Quelle: Link zum Originalartikel"."""
    return (
        at + 1 in cuts
        and len(view.blocks[at].text) <= _LONGEST_PROMPT
        and bool(view.prompts[at][0] & PROMPT_BIT["source_link"])
    )
