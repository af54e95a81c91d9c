"""URLs: one spelling for one address, joined and judged by the WHATWG standard.

    text ──parse (url.spec.whatwg.org)──▶ drop tracking ──▶ one spelling ──▶ canonical URL ──▶ article_id

Design note. Parsing is Ada's, the parser of Node.js (`can_ada`: MIT, wheels for every platform, no dependencies, 0.6 µs
a URL; `ada_url` is the same parser behind cffi at 2.2 µs). What browsers do is what links on the web mean: tabs and
backslashes, IDNA, numbers as IPv4 addresses. On top of it, `canonical` removes only what cannot choose the page:

- the fragment, except a route of a one-page application at the root (`/#!/story/5`);
- parameters of `tracking.tsv`, and servlet sessions in the path; every other parameter, also an empty one, stays;
- differences of spelling that RFC 3986 §6.2.2 calls equivalent: hex digits in upper case, unreserved characters plain;
- the order of parameters with different names: they are sorted by name, those of one name keep their order, because
  servers read a query as a dictionary of lists.

Kept apart: http and https (the URL stays one that can be fetched; `article_id` sees them as one), `www.`, trailing and
double slashes, the case of paths and values, credentials. Servers differ in what these mean.

Lone surrogates become U+FFFD, as in browsers; what is no URL comes back stripped. The functions are total.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

import can_ada
from tldextract import TLDExtract

MAX_LENGTH = 2_000
"""Longest URL that is followed, in characters of its parsed form. RFC 9110 §4.1 recommends 8,000 octets to servers, but
publishers stay below 2,048 (sitemaps.org: the longest `loc`) and 2,083 (Internet Explorer); the rest are traps."""

_STRIPPED = "".join(map(chr, range(0x21)))
"""C0 controls and the space: what the standard takes off both ends."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})")
"""A percent-escape. In `%2%65` the second one is left alone: decoded, it would complete the first."""
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SESSION = re.compile(r"(?<!/\.)(?<!/\.\.);(?:jsessionid|phpsessid)=[^/;?#]*", re.IGNORECASE)
"""Jakarta Servlet 6 §7.1.3: the session as a path parameter. Not after a dot segment, which it keeps from being one."""
_WEB = ("http:", "https:")


def canonical(url: str) -> str:
    """Return the one spelling of a URL that identifies its page; text that is no URL comes back stripped.

    What has no address at all has no spelling either: `preferred` answers for pages without one.
    """
    parsed = _parse(url)
    if parsed is None:
        return _clean(url).strip(_STRIPPED)
    if parsed.protocol not in _WEB:
        return str(parsed.href)
    path = _PATH_SESSION.sub("", _spelled(parsed.pathname)).replace("^", "%5E")  # escaped by the standard since 2024
    return f"{_origin(parsed)}{path}{_query(parsed.search)}{_route(parsed)}"


def resolve(base: str, href: str) -> str | None:
    """Return the absolute http(s) URL of a link on the page `base`, or `None` if there is none or it is too long."""
    page = _parse(base)
    try:
        joined = _parse(href) if page is None else page + _clean(href)
    except ValueError:
        return None
    if joined is None or joined.protocol not in _WEB or len(joined.href) > MAX_LENGTH:
        return None
    return str(joined.href)


def is_http(url: str) -> bool:
    """Return whether the text is a URL that can be fetched."""
    parsed = _parse(url)
    return parsed is not None and parsed.protocol in _WEB


def host(url: str) -> str:
    """Return the host of a URL in ASCII and lower case, without the port; empty when there is none."""
    parsed = _parse(url)
    return str(parsed.hostname) if parsed is not None else ""


def site(url: str) -> str:
    """Return the registrable domain of a URL (`bbc.co.uk`), else its host: an address, a public suffix, `localhost`.

    Names that are given out to different people (`alice.github.io`) are different sites.
    """
    return _registrable(host(url))


def article_id(canonical_url: str) -> str:
    """Return 20 hex digits that name the article; http and https name the same one.

    80 bits: among a hundred million articles the chance that any two collide is about one in two hundred million.
    """
    name = re.sub(r"^https?:", "", canonical_url)
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _parse(url: str) -> can_ada.URL | None:
    try:
        return can_ada.parse(_clean(url))
    except ValueError:
        return None


def _clean(url: str) -> str:
    if not _SURROGATE.search(url):
        return url
    return url.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _origin(parsed: can_ada.URL) -> str:
    credentials = ""
    if parsed.username or parsed.password:
        password = f":{parsed.password}" if parsed.password else ""
        credentials = f"{parsed.username}{password}@"
    return f"{parsed.protocol}//{credentials}{parsed.host}"


def _query(search: str) -> str:
    pieces = [_spelled(piece) for piece in search[1:].split("&")]
    kept = sorted((piece for piece in pieces if piece and not _is_tracking(piece)), key=_name)
    return f"?{'&'.join(kept)}" if kept else ""


def _name(piece: str) -> str:
    return piece.partition("=")[0]


def _route(parsed: can_ada.URL) -> str:
    is_route = parsed.pathname == "/" and parsed.hash.startswith("#!/")
    return _spelled(parsed.hash) if is_route else ""


def _spelled(text: str) -> str:
    return _ESCAPE.sub(_plain, text) if "%" in text else text


def _plain(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _is_tracking(piece: str) -> bool:
    name, _, value = piece.lower().removeprefix("amp;").partition("=")  # `&amp;` of a link that was escaped twice
    forms = _tracking()
    values = forms[0].get(name)
    if values is None:
        values = next((found for prefix, found in forms[1] if name.startswith(prefix)), None)
    return values is not None and _is_one_of(value, values)


def _is_one_of(value: str, forms: tuple[str, ...]) -> bool:
    """Return whether the value fits one of the forms; no forms at all fit any value."""
    if not forms:
        return True
    return any(value.startswith(form[:-1]) if form.endswith("*") else value == form for form in forms)


@lru_cache(maxsize=1)
def _tracking() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the table's exact names and its prefixes, each with the values that it is restricted to."""
    table = Path(__file__).with_name("tracking.tsv").read_text(encoding="utf-8")
    rows = [line.lower().split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    exact = {name: tuple(values.split()) for name, values, _ in rows if not name.endswith("*")}
    prefixes = tuple((name[:-1], tuple(values.split())) for name, values, _ in rows if name.endswith("*"))
    return exact, prefixes


@lru_cache(maxsize=4096)
def _registrable(name: str) -> str:
    name = name.removesuffix(".")
    if not name or _is_address(name):
        return name
    found = _suffixes().extract_str(name)
    if found.suffix:
        return found.top_domain_under_public_suffix or name
    return ".".join(name.split(".")[-2:])  # a top-level domain that the list does not know: its own rule `*`


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    """Return the public suffix list bundled with the package: 30 ms once, never the network, no cache on disk."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
