"""What a page lets others do with it, as it declares: recorded when it is fetched, honoured when it is exported.

Sources, all of them machine-readable reservations: `robots` meta elements and the `X-Robots-Tag` header (Google Search
Central; `noai` and `noimageai` after DeviantArt; Bing reads `noarchive` as "not for training"), TDMRep's
`tdm-reservation` and `tdm-policy` (W3C community group report, 2024; Directive (EU) 2019/790, article 4), Content
Signals of robots.txt and HTTP (contentsignals.org: `search`, `ai-input`, `ai-train`), and the licence in JSON-LD.

A reservation for one named agent binds that agent; for training it also counts when the agent is a known collector of
training data, for the publisher's will is plain. A profile that is not refused is allowed only by what was said here:
the law of the place, and contracts, are not ours to judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser

from tasks.page.page_dates_text import machine, visible

MAX_DIRECTIVES = 60
MAX_VALUE = 500

AGENT = "wirehouse"
EVERYONE = frozenset(("", "*", "robots", "all", AGENT))
TRAINERS = frozenset(
    # Agents that collect for training, by their operators' own documentation.
    ("gptbot", "ccbot", "claudebot", "anthropic-ai", "google-extended", "applebot-extended", "bytespider", "cohere-ai",
     "meta-externalagent", "amazonbot", "diffbot", "omgili", "omgilibot", "timpibot", "ai2bot", "img2dataset")
)  # fmt: skip
_WITH_VALUE = frozenset(("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"))
_META_AGENTS = re.compile(r"^(?:robots|[a-z0-9-]*bot(?:-[a-z]+)?|google-extended|anthropic-ai|cohere-ai|ai2bot|slurp)$")
_OPEN_LICENCE = re.compile(
    r"creativecommons\.org/(?:licenses/by(?:-sa|-nc|-nd|-nc-sa|-nc-nd)?/|publicdomain/)"
    r"|\bcc[ -]?(?:by|0)\b|public domain",
    re.I,
)
_LIMITED_LICENCE = re.compile(r"\bby-(?:nc|nd)|\bnc\b|\bnd\b|noncommercial|no derivatives", re.I)


class Profile(StrEnum):
    """For whom an export is."""

    RESEARCH = "research"
    AI_TRAINING = "ai-training"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True, slots=True)
class Directive:
    """One directive for robots: who it is for (`*` is everyone), its name and value, and where it stood."""

    agent: str
    name: str
    value: str | None
    source: str
    """`meta` or `header`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a page declared. `None` and empty: nothing was said."""

    directives: tuple[Directive, ...] = ()
    is_tdm_reserved: bool | None = None
    tdm_policy_url: str | None = None
    signals: tuple[tuple[str, bool], ...] = ()
    """Content Signals by name: `search`, `ai-input`, `ai-train`."""
    license: str | None = None

    def has(self, *names: str) -> bool:
        """Return whether everyone is given one of these directives."""
        return any(d.name in names and d.agent in EVERYONE for d in self.directives)


def rights(
    tree: LexborHTMLParser | None,
    headers: Iterable[tuple[str, str]],
    *,
    robots: bytes = b"",
    license: str | None = None,  # noqa: A002 - the field's name
) -> Rights:
    """Return what a page and its response declare; `robots` is the site's robots.txt, `license` JSON-LD's."""
    fields = [(name.strip().lower(), value) for name, value in headers]
    metas = tuple(_metas(tree)) if tree is not None else ()
    directives = [d for name, value in fields if name == "x-robots-tag" for d in header_directives(value)]
    directives += [d for name, value in metas if _META_AGENTS.match(name) for d in _split(name, value, "meta")]
    said = [*((n, v) for n, v in fields), *metas]
    signals = dict(content_signals(robots))
    for name, value in fields:
        if name == "content-signal":
            signals |= dict(_signals(value))
    reserved = next((value.strip() for name, value in said if name == "tdm-reservation"), None)
    return Rights(
        directives=tuple(dict.fromkeys(directives))[:MAX_DIRECTIVES],
        is_tdm_reserved={"1": True, "0": False}.get(reserved or ""),
        tdm_policy_url=next((value.strip()[:MAX_VALUE] for name, value in said if name == "tdm-policy"), None),
        signals=tuple(sorted(signals.items())),
        license=(license or "")[:MAX_VALUE] or None,
    )


def _metas(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta[name][content]")[:500]:
        yield (node.attributes.get("name") or "").strip().lower(), (node.attributes.get("content") or "")[:MAX_VALUE]


def header_directives(value: str) -> Iterator[Directive]:
    """Yield the directives of one `X-Robots-Tag` value: "noarchive", "gptbot: noindex, nofollow"."""
    match = re.match(r"^\s*([\w*-]+)\s*:\s*(.*)$", value[: MAX_VALUE * 4], re.S)
    if match and match[1].lower() not in _WITH_VALUE:
        yield from _split(match[1].lower(), match[2], "header")
        return
    yield from _split("*", value, "header")


def _split(agent: str, value: str, source: str) -> Iterator[Directive]:
    agent = "*" if agent in EVERYONE else agent
    text = value.strip()
    after = re.search(r"unavailable_after\s*:\s*(.+)$", text, re.I | re.S)
    if after:  # its date holds commas and colons
        yield Directive(agent=agent, name="unavailable_after", value=after[1].strip()[:100], source=source)
        text = text[: after.start()]
    for piece in text.split(",")[:MAX_DIRECTIVES]:
        name, _, setting = piece.partition(":")
        if re.fullmatch(r"[\w-]{2,40}", name.strip()):
            yield Directive(agent=agent, name=name.strip().lower(), value=setting.strip() or None, source=source)


def content_signals(robots: bytes) -> Iterator[tuple[str, bool]]:
    """Yield the Content Signals that a robots.txt gives to everyone, or to us by name."""
    agents: set[str] = set()
    is_in_rules = False
    for line in robots[:500_000].decode("utf-8", "replace").splitlines():
        name, _, value = line.split("#", 1)[0].partition(":")
        field = name.strip().lower()
        if field == "user-agent":
            agents = {value.strip().lower()} if is_in_rules else agents | {value.strip().lower()}
            is_in_rules = False
        elif field == "content-signal" and agents & EVERYONE:
            is_in_rules = True
            yield from _signals(value)
        elif field:
            is_in_rules = True


def _signals(value: str) -> Iterator[tuple[str, bool]]:
    for name, answer in re.findall(r"([a-z-]{2,20})\s*=\s*(yes|no)\b", value.lower())[:12]:
        yield name, answer == "yes"


def allows(declared: Rights, profile: Profile | str, *, now: datetime | None = None) -> tuple[bool, str]:
    """Return whether a page's declarations allow an export of its text under a profile, and why or why not."""
    wanted = Profile(profile)
    expired = _expired(declared, now)
    if expired:
        return False, expired
    if wanted is Profile.RESEARCH:
        return True, "text and data mining for research cannot be reserved"
    reason = next(_refusals(declared, wanted), None)
    if reason:
        return False, reason
    if wanted is Profile.PUBLIC and not (declared.license and _OPEN_LICENCE.search(declared.license)):
        return False, "no open licence is declared"
    return True, f"licence {declared.license}" if declared.license else "nothing is reserved"


def _refusals(declared: Rights, profile: Profile) -> Iterator[str]:
    if declared.has("noarchive", "nocache"):
        yield "noarchive"
    if profile is Profile.PUBLIC:
        if declared.has("noindex", "none", "nosnippet"):
            yield "noindex or nosnippet"
        return
    if declared.has("noai"):
        yield "noai"
    if declared.is_tdm_reserved:
        yield "tdm-reservation"
    if dict(declared.signals).get("ai-train") is False:
        yield "content-signal ai-train=no"
    for directive in declared.directives:
        if directive.agent in TRAINERS and directive.name in ("noindex", "none", "noai", "noarchive"):
            yield f"{directive.agent}: {directive.name}"
    if declared.license and _LIMITED_LICENCE.search(declared.license):
        yield f"licence {declared.license}"


def _expired(declared: Rights, now: datetime | None) -> str | None:
    for directive in declared.directives:
        if directive.name == "unavailable_after" and directive.agent in EVERYONE and now is not None:
            moment = machine(directive.value or "") or visible(directive.value or "", "en", "us")
            if moment is not None and moment.at < now:
                return f"unavailable after {directive.value}"
    return None


def as_json(declared: Rights) -> str | None:
    """Return the declarations as they are stored with a page; `None` when nothing was said."""
    if declared == Rights():
        return None
    return json.dumps({key: value for key, value in asdict(declared).items() if value not in (None, ())})


def from_json(text: str | None) -> Rights:
    """Return stored declarations."""
    stored: Mapping[str, object] = json.loads(text) if text else {}
    rows = stored.get("directives") or []
    signals = stored.get("signals") or []
    reserved, policy, licence = (stored.get(key) for key in ("is_tdm_reserved", "tdm_policy_url", "license"))
    return Rights(
        directives=tuple(Directive(**row) for row in rows) if isinstance(rows, list) else (),
        is_tdm_reserved=reserved if isinstance(reserved, bool) else None,
        tdm_policy_url=policy if isinstance(policy, str) else None,
        signals=tuple((str(name), bool(answer)) for name, answer in signals) if isinstance(signals, list) else (),
        license=licence if isinstance(licence, str) else None,
    )
