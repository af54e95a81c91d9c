"""robots.txt: what a site asks of crawlers (RFC 9309), read as Google's published parser reads it.

    body ──parse──▶ Robots ──allows(agent, path)──▶ bool
                           ──delay(agent)────────▶ seconds | None

Design note. RFC 9309 says what a well-formed file means; what the web really holds is decided by Google's open-source
parser, because sites test against it. So the reading here is Google's, byte for byte where it matters: keys match by
prefix and with the typing errors that are frequent, a missing colon is forgiven when exactly two words stand on the
line, only `user-agent` after a rule begins a new group (blank lines, sitemaps and unknown keys do not), the longest
pattern wins, and `allow` wins a tie.

How a pattern is matched is told in `robots_rule.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tasks.web.robots_rule import Rule, asked, covers, rules_of

MAX_BODY_BYTES = 500 * 1024
"""RFC 9309 §2.5 asks for at least this much; Google reads exactly this much."""
MAX_LINE_BYTES = 2083 * 8 - 1
"""Google's line buffer: eight times the longest URL of an old browser, less the terminator. The rest is cut off."""
MAX_DELAY_SECONDS = 86_400.0
"""A day. What larger numbers mean, nobody knows; politeness caps far lower."""

_KEYS: Mapping[str, tuple[str, ...]] = {
    # Prefixes, case-insensitive, tried in this order. Misspellings as in google/robotstxt (`kAllowFrequentTypos`);
    # Crawl-delay is not Google's: it is the old convention of Bing, Yandex and Yahoo.
    "user-agent": ("user-agent", "useragent", "user agent"),
    "allow": ("allow",),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "sitemap": ("sitemap", "site-map"),
    "crawl-delay": ("crawl-delay", "crawldelay", "crawl delay"),
}
_ANYONE = "*"
_WHITESPACE = b" \t\n\v\f\r"
_TOKEN = re.compile(r"[A-Za-z_-]*")
"""A product token (RFC 9309 §2.2.1); what follows it in the file, such as a version, is ignored."""
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines of the file that speak to the same product tokens (in lower case, or `*`)."""

    agents: frozenset[str]
    rules: tuple[Rule, ...] = ()
    delay: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """All that the file says to one agent. `rules` come most specific first, an allow before its equal."""

    rules: tuple[Rule, ...] = ()
    delay: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Robots:
    """A parsed robots.txt."""

    blocks: tuple[Block, ...] = ()
    sitemaps: tuple[str, ...] = ()
    """As written, in order, without repeats; they may be relative or on another site."""
    _merged: dict[str, Group] = field(default_factory=dict, repr=False, compare=False)
    # Merged on demand, because a file may name so many agents that merging for each of them would be quadratic.

    def allows(self, agent: str, path: str) -> bool:
        """Return whether `agent` may fetch `path`, which is a URL or a path with its query, percent-encoded."""
        question = asked(path)
        if question.exact == "/robots.txt":  # RFC 9309 §2.2.2: implicitly allowed
            return True
        return next((rule.is_allow for rule in self.group(agent).rules if covers(rule, question)), True)

    def delay(self, agent: str) -> float | None:
        """Return the seconds that the site wants between two requests of `agent`, at most a day."""
        return self.group(agent).delay

    def group(self, agent: str) -> Group:
        """Return what is said to `agent`: by its own groups if there is any, else by those for everyone."""
        # `Name/1.0 (+contact)` is how agents introduce themselves; the token ends at the slash. A name with a blank in
        # it is no token and matches no group but `*` (google/robotstxt).
        token = agent.partition("/")[0].strip().lower()
        if token not in self._merged:
            own = [block for block in self.blocks if token in block.agents and token != _ANYONE]
            self._merged[token] = _merge(own or [block for block in self.blocks if _ANYONE in block.agents])
        return self._merged[token]


def parse(body: bytes) -> Robots:
    """Return what a robots.txt file says. Never raises: what is not understood is not a rule."""
    draft = _Draft()
    for line in _lines(_utf8(body)):
        found = _key_and_value(line)
        if found is not None:
            draft.read(*found)
    return draft.robots()


class _Draft:
    """The state of the parser between two lines.

    To Google's groups Crawl-delay is an unknown key, which does not end the list of agents; but in files that have only
    a delay for each agent, every delay is meant for the agents right above it. So delays are grouped on their own.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.sitemaps: dict[str, None] = {}
        self.agents: dict[str, None] = {}
        self.rules: list[Rule] = []
        self.has_rules = False
        self.delay_agents: dict[str, None] = {}
        self.delay: float | None = None
        self.has_delay = False

    def read(self, key: str, value: bytes) -> None:
        if key == "user-agent":
            self._user_agent(value)
        elif key == "sitemap":
            self.sitemaps.setdefault(value.decode("utf-8", "replace"))
        elif key == "crawl-delay":
            self.has_delay = True
            self.delay = _longer(self.delay, _seconds(value))
        elif self.agents:  # rules before any agent speak to nobody
            self.has_rules = self.has_delay = True
            self.rules.extend(rules_of(key == "allow", value))

    def _user_agent(self, value: bytes) -> None:
        if self.has_rules:
            self._end_rules()
        if self.has_delay:
            self._end_delay()
        agent = _agent(value.decode("utf-8", "replace"))
        self.agents.setdefault(agent)
        self.delay_agents.setdefault(agent)

    def _end_rules(self) -> None:
        self.blocks.append(Block(agents=frozenset(self.agents), rules=tuple(self.rules)))
        self.agents, self.rules, self.has_rules = {}, [], False

    def _end_delay(self) -> None:
        if self.delay is not None:
            self.blocks.append(Block(agents=frozenset(self.delay_agents), delay=self.delay))
        self.delay_agents, self.delay, self.has_delay = {}, None, False

    def robots(self) -> Robots:
        self._end_rules()
        self._end_delay()
        return Robots(blocks=tuple(block for block in self.blocks if block.agents), sitemaps=tuple(self.sitemaps))


def _merge(blocks: list[Block]) -> Group:
    rules = [rule for block in blocks for rule in block.rules]
    delays = [block.delay for block in blocks if block.delay is not None]
    rules.sort(key=lambda rule: (-rule.priority, not rule.is_allow))
    return Group(rules=tuple(rules), delay=max(delays, default=None))


def _seconds(value: bytes) -> float | None:
    number = _NUMBER.match(value.decode("ascii", "replace"))
    return None if number is None else min(float(number[0].replace(",", ".")), MAX_DELAY_SECONDS)


def _longer(one: float | None, other: float | None) -> float | None:
    return max((delay for delay in (one, other) if delay is not None), default=None)


def _utf8(body: bytes) -> bytes:
    """Return the part of the body that counts, as UTF-8 without its byte order mark."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = body[: 2 * MAX_BODY_BYTES].decode("utf-16", "replace").encode("utf-8", "replace")
    if len(body) > MAX_BODY_BYTES:
        # The line that the limit cuts in two is not read: half an `Allow: /press` would be `Allow: /`.
        body = body[: MAX_BODY_BYTES + 1]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r"), 0)]
    for octet in b"\xef\xbb\xbf":  # also in part, as google/robotstxt does
        if body[:1] != bytes([octet]):
            break
        body = body[1:]
    return body


def _lines(body: bytes) -> Iterator[bytes]:
    for line in re.split(rb"[\r\n]", body):
        if line:
            yield line[:MAX_LINE_BYTES]


def _key_and_value(line: bytes) -> tuple[str, bytes] | None:
    """Return the known key of a line and its value."""
    line = line.partition(b"\0")[0].partition(b"#")[0].strip(_WHITESPACE)
    key, colon, value = line.partition(b":")
    if not colon:
        words = re.split(rb"[ \t]+", line)
        if len(words) != 2:
            return None
        key, value = words
    text = key.strip(_WHITESPACE).decode("latin-1").lower()
    known = next((name for name, prefixes in _KEYS.items() if text.startswith(prefixes)), None)
    return None if known is None else (known, value.strip(_WHITESPACE))


def _agent(value: str) -> str:
    if value[:1] == "*" and (len(value) == 1 or value[1].isspace()):
        return _ANYONE
    token = _TOKEN.match(value)
    return token[0].lower() if token else ""
