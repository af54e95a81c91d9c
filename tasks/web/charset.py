"""Bytes to text: which encoding a page, a feed or a sitemap is really in.

The order is BOM, HTTP, declaration inside the document, detection; and every declaration is checked against the bytes,
because declarations lie in two well-known ways:

* declared UTF-8, but not UTF-8: an old archive behind a new front server. One broken sequence in a long text is an
  accident (a teaser cut in the middle of a character) and stays UTF-8 with a mark; many are a lie, and the next witness
  is heard.
* declared as a legacy encoding, but UTF-8: a server's default charset over a modern page. Text that is not ASCII and
  yet valid UTF-8 is UTF-8: a chance hit needs every accented letter to be followed by exactly the right bytes. The
  exception is a handful of such sequences in East Asian encodings, whose two-byte characters do hit now and then; there
  more of them are asked for.

Names of encodings are read as browsers read them (WHATWG Encoding Standard), not as Python does: `iso-8859-1` means
windows-1252, `gb2312` means GB 18030, and no page may name `rot13` or `unicode_escape`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from charset_normalizer import from_bytes

PRESCAN_BYTES = 4096
"""The standard looks at 1,024; publishers put scripts before the declaration, and parsers that wait find it later."""

SAMPLE_BYTES = 6_144
"""Bytes given to statistical detection: about 20 ms at worst, and enough for its statistics."""

MAX_STRAY_SHARE = 0.05
"""Broken sequences among all sequences that are not ASCII, up to which declared UTF-8 is believed: cut teasers and
single pasted characters lie below 1 %; text of another encoding read as UTF-8 breaks at nearly every letter."""

DENSE_SHARE = 0.4
"""Letters beyond ASCII in lines that have any: 4 to 10 % in Western European text, 20 % in Vietnamese, more than 60 %
in Cyrillic, Greek, Arabic and East Asian text. Servers that add `charset=iso-8859-1` to everything are found out by
it."""

MIN_HITS_EAST_ASIAN = 12
"""Valid UTF-8 sequences before an East Asian declaration is overruled: two random bytes of such an encoding are valid
UTF-8 in about one case of six, so that ten in a row are one in 10 million."""

# Python's codec → labels of the WHATWG Encoding Standard (section 4.2), and Python's name where the browser's superset
# has another one. Labels are compared in lower case, without surrounding white space.
LABELS_OF = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859-2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso8859-3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso8859-4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso8859-5": "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    "iso8859-6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
    "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
    "iso8859-7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
    "iso_8859-7:1987 sun_eu_greek",
    "iso8859-8": "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
    "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical",
    "iso8859-10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859-15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8-u": "koi8-ru koi8-u",
    "mac-roman": "csmacintosh mac macintosh x-mac-roman",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1252": "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 "
    "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 x-user-defined",
    "cp1253": "cp1253 windows-1253 x-cp1253",
    "cp1254": "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 "
    "windows-1254 x-cp1254",
    "cp1255": "cp1255 windows-1255 x-cp1255",
    "cp1256": "cp1256 windows-1256 x-cp1256",
    "cp1257": "cp1257 windows-1257 x-cp1257",
    "cp1258": "cp1258 windows-1258 x-cp1258",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030",
    "hz": "hz-gb-2312",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "cp949": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
    "ksc_5601 windows-949",
    "iso2022_kr": "csiso2022kr iso-2022-kr",
    "utf-16-be": "unicodefffe utf-16be",
    "utf-16-le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
}
CODEC_OF = {label: codec for codec, labels in LABELS_OF.items() for label in labels.split()}
# Not in the standard, but written by publishers for the same thing.
CODEC_OF |= {"utf_8": "utf-8", "utf-8-sig": "utf-8", "utf8mb4": "utf-8", "cp-1252": "cp1252", "win-1251": "cp1251"}
CODEC_OF |= {"cp932": "cp932", "cp949": "cp949", "eucjp": "euc_jp", "euckr": "cp949", "euc_kr": "cp949"}

EAST_ASIAN = frozenset({"gb18030", "big5hkscs", "euc_jp", "cp932", "cp949"})
WIDE = frozenset({"utf-16-le", "utf-16-be"})
SEVEN_BIT = frozenset({"hz", "iso2022_jp", "iso2022_kr"})
"""Encodings whose bytes are all ASCII and yet are not ASCII text."""

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# How `<?` or `<!` begins in UTF-16 without a mark (XML 1.0, appendix F).
WIDE_STARTS = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0!\0", "utf-16-le"), (b"\0<\0!", "utf-16-be"))

# What detection chooses from: the encodings that browsers' own detectors know. A longer list only adds confusions
# (Polish in ISO 8859-2 was taken for the Nordic ISO 8859-10).
DETECTABLE = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "iso8859_2"),
    *(
        "iso8859_5",
        "iso8859_6",
        "iso8859_7",
        "koi8_r",
        "koi8_u",
        "cp866",
        "gb18030",
        "big5hkscs",
        "euc_jp",
        "cp932",
        "cp949",
    ),
]
ESCAPES = ((b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"))
TIE = 0.05  # of coherence; two readings of one text that differ in a few letters are about 0.02 apart
FALLBACK = "cp1252"  # the standard's default for most locales; never fails on Western text

XML_DECLARATION = re.compile(rb"""\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:\-]{1,40})["']""")
ATTRIBUTES = rb"(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"  # possessive, so that broken quotes cost no second look
# Comments and tags, so that what looks like a declaration inside them is passed over; group 1: what a `meta` says.
TOKEN = re.compile(
    rb"<!--(?:-?>|.*?(?:-->|\Z))|<meta[\s/](" + ATTRIBUTES + rb")|</?[a-z]" + ATTRIBUTES + rb">|<[!/?][^<>]*+>",
    re.IGNORECASE | re.DOTALL,
)
ATTRIBUTE = re.compile(
    rb"""([^\s"'>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
)
CHARSET_IN_CONTENT = re.compile(rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))""", re.IGNORECASE)
ASCII_LETTER = re.compile(rb"[A-Za-z]")
CONTEXT_BYTES = 60
BEYOND_ASCII = re.compile(rb"[\x80-\xff][^<>\n]*+")
NOT_ASCII = re.compile(rb"[\x80-\xff]")
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """A document's text and how it was read."""

    text: str
    encoding: str
    """Python's name of the encoding."""
    source: str
    """`bom`, `http`, `meta`, `xml`, `detected`, `default`; with `_overruled` when the bytes contradict what was
    declared."""
    had_errors: bool = False
    """Whether bytes had to be replaced by U+FFFD."""

    @property
    def is_utf8(self) -> bool:
        """Whether the document's own bytes, but for a mark, are its text in UTF-8: nothing need be encoded again."""
        return self.encoding == "utf-8" and not self.had_errors


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of `body`, by BOM, the HTTP field `content_type`, the document's own declaration, or detection."""
    for mark, codec in BOMS:
        if body.startswith(mark):
            return _forced(body[len(mark) :], codec, "bom")
    declared = next(_declarations(body, content_type), None)
    if declared is None:
        return _undeclared(body)
    codec, source = declared
    if codec in WIDE:
        return _wide(body, codec, source)
    if codec in SEVEN_BIT:
        return _forced(body, codec, source)
    if body.isascii():
        return Decoded(text=body.decode("ascii"), encoding=codec, source=source)
    if codec == "utf-8":
        return _declared_utf8(body, source, content_type)
    if codec == "cp1252" and _is_dense(body) and _strict(body, "utf-8") is None:
        return _forced(body, _other(body, content_type, {codec}), f"{source}_overruled")
    return _declared_legacy(body, codec, source)


def codec_of(label: str) -> str | None:
    """Python's codec for an encoding label as browsers read it; `None` for one they do not know."""
    return CODEC_OF.get(label.strip(" \t\n\f\r\"'").lower())


def _declarations(body: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    """What is declared, the strongest first: codec and source."""
    for label, source in ((_http_label(content_type), "http"), (_xml_label(body), "xml"), (_meta_label(body), "meta")):
        codec = codec_of(label) if label else None
        if codec in WIDE and source != "http":
            codec = _wide_start(body) or "utf-8"  # a declaration that can be read as ASCII is not in UTF-16 (WHATWG)
        if codec is not None:
            yield codec, source
    start = _wide_start(body)
    if start:
        yield start, "detected"


def _http_label(content_type: str | None) -> str | None:
    if not content_type or "charset" not in content_type.lower():
        return None
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    try:
        value = message.get_param("charset")
    except (ValueError, LookupError, TypeError):
        return None
    return value if isinstance(value, str) else None


def _xml_label(body: bytes) -> str | None:
    found = XML_DECLARATION.match(body[:PRESCAN_BYTES])
    return found[1].decode("ascii") if found else None


def _meta_label(body: bytes) -> str | None:
    """The encoding that a `<meta>` names among the first bytes, outside comments (WHATWG HTML, 13.2.3.2)."""
    for tag in TOKEN.finditer(body[:PRESCAN_BYTES]):
        label = _label_of_meta(tag[1]) if tag[1] else None
        if label and codec_of(label):
            return label
    return None


def _label_of_meta(attributes: bytes) -> str | None:
    values: dict[bytes, bytes] = {}
    for name, double, single, bare in ATTRIBUTE.findall(attributes):
        values.setdefault(name.lower(), double or single or bare)
    if b"charset" in values:
        return values[b"charset"].decode("latin-1")
    if values.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    found = CHARSET_IN_CONTENT.search(values.get(b"content", b""))
    return (found[1] or found[2] or found[3] or b"").decode("latin-1") if found else None


def _wide_start(body: bytes) -> str | None:
    return next((codec for start, codec in WIDE_STARTS if body.startswith(start)), None)


def _forced(body: bytes, codec: str, source: str) -> Decoded:
    text = _strict(body, codec)
    if text is not None:
        return Decoded(text=text, encoding=codec, source=source)
    return Decoded(text=body.decode(codec, "replace"), encoding=codec, source=source, had_errors=True)


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeError:
        return None


def _wide(body: bytes, codec: str, source: str) -> Decoded:
    """Declared UTF-16: believed when zero bytes show it, since text in it is never free of them."""
    if b"\0" in body[:PRESCAN_BYTES]:
        return _forced(body, codec, source)
    found = _undeclared(body)
    return Decoded(text=found.text, encoding=found.encoding, source=f"{source}_overruled", had_errors=found.had_errors)


def _declared_utf8(body: bytes, source: str, content_type: str | None) -> Decoded:
    text = _strict(body, "utf-8")
    if text is not None:
        return Decoded(text=text, encoding="utf-8", source=source)
    text = body.decode("utf-8", "replace")
    sound, stray = len(UTF8_SEQUENCE.findall(body)), text.count("\ufffd")
    if stray <= 1 or stray <= MAX_STRAY_SHARE * (sound + stray):
        return Decoded(text=text, encoding="utf-8", source=source, had_errors=True)
    return _forced(body, _other(body, content_type, {"utf-8"}), f"{source}_overruled")


def _other(body: bytes, content_type: str | None, refuted: set[str]) -> str:
    """The next encoding declared after those that the bytes refute, else the detected one."""
    declared = (codec for codec, _ in _declarations(body, content_type) if codec not in refuted | WIDE)
    return next(declared, None) or _detect(body)


def _is_dense(body: bytes) -> bool:
    """Whether most letters are beyond ASCII, which no Western text comes near."""
    sample = _sample(body)
    beyond = len(NOT_ASCII.findall(sample))
    return beyond > DENSE_SHARE * (beyond + len(ASCII_LETTER.findall(sample)))


def _declared_legacy(body: bytes, codec: str, source: str) -> Decoded:
    utf8 = _strict(body, "utf-8")
    needed = MIN_HITS_EAST_ASIAN if codec in EAST_ASIAN else 1
    if utf8 is not None and sum(1 for _ in islice(UTF8_SEQUENCE.finditer(body), needed)) == needed:
        return Decoded(text=utf8, encoding="utf-8", source=f"{source}_overruled")
    text = _strict(body, codec)
    if text is not None:
        return Decoded(text=text, encoding=codec, source=source)
    if utf8 is not None:
        return Decoded(text=utf8, encoding="utf-8", source=f"{source}_overruled")
    return _forced(body, codec, source)


def _undeclared(body: bytes) -> Decoded:
    if body.isascii():
        escaped = next((codec for escape, codec in ESCAPES if escape in body), None)
        return _forced(body, escaped or "utf-8", "detected" if escaped else "default")
    text = _strict(body, "utf-8")
    if text is not None:
        return Decoded(text=text, encoding="utf-8", source="detected")
    sound = len(UTF8_SEQUENCE.findall(body))
    replaced = body.decode("utf-8", "replace")
    if sound and replaced.count("\ufffd") <= MAX_STRAY_SHARE * sound:
        return Decoded(text=replaced, encoding="utf-8", source="detected", had_errors=True)
    return _forced(body, _detect(body), "detected")


def _detect(body: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8, by the statistics of charset-normalizer over a sample.

    Where they cannot tell, it is windows-1252: German reads the same in the Western and the Central European encoding,
    and one of them is fifty times as common on the web.
    """
    found = from_bytes(_sample(body), cp_isolation=DETECTABLE, enable_fallback=False)
    best = found.best()
    if best is None:
        return FALLBACK
    for other in found:
        is_as_good = other.chaos <= best.chaos and other.coherence >= best.coherence - TIE
        if is_as_good and FALLBACK in other.could_be_from_charset:
            return FALLBACK
    return best.encoding


def _sample(body: bytes) -> bytes:
    """The text around bytes that are not ASCII, as far as the sample's size goes; markup and scripts say nothing.

    One step for each such place, whatever lies between: a page may be one line of a megabyte.
    """
    taken: list[bytes] = []
    room, at = SAMPLE_BYTES, 0
    for found in BEYOND_ASCII.finditer(body):
        before = body[max(at, found.start() - CONTEXT_BYTES) : found.start()]
        begin = max(before.rfind(b"<"), before.rfind(b">"), before.rfind(b"\n")) + 1
        piece = before[begin:] + found[0]
        taken.append(_cut(piece, room))
        room -= len(piece)
        at = found.end()
        if room <= 0:
            break
    return b"\n".join(taken)


def _cut(piece: bytes, size: int) -> bytes:
    """The beginning of `piece`, ended where no character of any encoding is cut in two, if there is such a place."""
    if len(piece) <= size:
        return piece
    end = max(piece.rfind(mark, 0, size) for mark in (b" ", b",", b".", b'"'))
    return piece[: end + 1] or piece[:size]
