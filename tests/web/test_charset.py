"""Bytes to text: who is believed, and who is caught lying."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.charset import CODEC_OF, codec_of, decode

RUSSIAN = "Президент подписал закон о бюджете на следующий год, сообщает агентство. " * 5
FRENCH = "Le président a signé la loi ; les élèves étaient très fâchés à l'école. " * 5
POLISH = "Zażółć gęślą jaźń. Prezydent podpisał ustawę o budżecie państwa na rok następny. " * 5
JAPANESE = "首相は記者会見で、来年度予算案について説明した。地震の被害状況を確認している。" * 5
CHINESE = "总理在新闻发布会上表示,明年的预算案将提交议会审议。地震造成的损失正在统计。" * 5
KOREAN = "대통령은 기자회견에서 내년도 예산안에 대해 설명했다. 지진 피해 상황을 확인하고 있다. " * 5
GREEK = "Ο πρωθυπουργός ανακοίνωσε τα μέτρα για τον προϋπολογισμό του επόμενου έτους. " * 5
TURKISH = "Başbakan, gelecek yılın bütçesini düzenlediği basın toplantısında açıkladı. " * 5

DECLARED = [
    # body, Content-Type, encoding, source
    (b"plain", None, "utf-8", "default"),
    (FRENCH.encode(), None, "utf-8", "detected"),
    (FRENCH.encode(), "text/html; charset=UTF-8", "utf-8", "http"),
    (FRENCH.encode("cp1252"), "text/html; charset=iso-8859-1", "cp1252", "http"),
    (FRENCH.encode("cp1252"), 'text/html; charset="ISO-8859-1"', "cp1252", "http"),
    (FRENCH.encode("cp1252"), "text/html;charset=latin1; x=y", "cp1252", "http"),
    (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), "text/html", "cp1251", "meta"),
    (b"<META CHARSET = 'koi8-r' />" + RUSSIAN.encode("koi8-r"), None, "koi8-r", "meta"),
    (
        b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + CHINESE.encode("gb18030"),
        None,
        "gb18030",
        "meta",
    ),
    (
        b"<meta content='text/html; charset=Shift_JIS' http-equiv=content-type>" + JAPANESE.encode("cp932"),
        None,
        "cp932",
        "meta",
    ),
    (b"<meta charset=ks_c_5601-1987>" + KOREAN.encode("cp949"), None, "cp949", "meta"),
    (b"<meta charset=EUC-JP>" + JAPANESE.encode("euc_jp"), None, "euc_jp", "meta"),
    (b"<meta charset=iso-2022-jp>" + JAPANESE.encode("iso2022_jp"), None, "iso2022_jp", "meta"),
    (b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), None, "cp1251", "meta"),
    (
        b'<meta name="x" content="charset=koi8-r"><meta charset=windows-1251>' + RUSSIAN.encode("cp1251"),
        None,
        "cp1251",
        "meta",
    ),
    (
        b"<script>var x;</script>" * 60 + b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"),
        None,
        "cp1251",
        "meta",
    ),
    (b"<!--><meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), None, "cp1251", "meta"),
    (b"<div title='<meta charset=koi8-r>'><meta charset=cp1251>" + RUSSIAN.encode("cp1251"), None, "cp1251", "meta"),
    (b"<p title=don't><meta/charset=cp1251>" + RUSSIAN.encode("cp1251"), None, "cp1251", "meta"),
    (b"<meta charset=nonsense><meta charset=cp1251>" + RUSSIAN.encode("cp1251"), None, "cp1251", "meta"),
    (b'<?xml version="1.0" encoding="windows-1251"?><rss>' + RUSSIAN.encode("cp1251"), None, "cp1251", "xml"),
    (
        b"\n<?xml version='1.0' encoding='ISO-8859-9'?><rss>" + TURKISH.encode("cp1254"),
        "application/xml",
        "cp1254",
        "xml",
    ),
    (codecs.BOM_UTF8 + FRENCH.encode(), "text/html; charset=iso-8859-1", "utf-8", "bom"),
    (codecs.BOM_UTF16_LE + RUSSIAN.encode("utf-16-le"), "text/html; charset=utf-8", "utf-16-le", "bom"),
    (codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be"), None, "utf-16-be", "bom"),
    (("<?xml version='1.0'?>" + RUSSIAN).encode("utf-16-le"), "text/xml", "utf-16-le", "detected"),
    # HTTP before meta (WHATWG HTML, 13.2.3.2)
    (b"<meta charset=koi8-r>" + RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", "cp1251", "http"),
    # A declaration that could be read is not in UTF-16.
    (b"<meta charset=utf-16>" + FRENCH.encode(), None, "utf-8", "meta"),
    # Names nobody knows are no declaration.
    (b"<meta charset=rot13>" + FRENCH.encode(), "text/html; charset=unicode_escape", "utf-8", "detected"),
]

LIES = [
    # body, Content-Type, encoding: each with `_overruled`
    (FRENCH.encode(), "text/html; charset=iso-8859-1", "utf-8"),
    (CHINESE.encode(), "text/html; charset=gb2312", "utf-8"),
    (b"<meta charset=windows-1251>" + RUSSIAN.encode(), None, "utf-8"),
    (RUSSIAN.encode("cp1251"), "text/html; charset=utf-8", "cp1251"),
    (b"<meta charset=windows-1250>" + POLISH.encode("cp1250"), "text/html; charset=utf-8", "cp1250"),
    (KOREAN.encode("cp949"), "text/html; charset=UTF-8", "cp949"),
    (RUSSIAN.encode("koi8-r"), "text/html; charset=iso-8859-1", "koi8_r"),
    (b"<meta charset=windows-1253>" + GREEK.encode("cp1253"), "text/html; charset=iso-8859-1", "cp1253"),
    (FRENCH.encode(), "text/html; charset=utf-16", "utf-8"),
]

UNDECLARED = [
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8_r"),
    (FRENCH, "cp1252"),
    (POLISH, "cp1250"),
    (JAPANESE, "cp932"),
    (JAPANESE, "euc_jp"),
    (JAPANESE, "iso2022_jp"),
    (CHINESE, "gb18030"),
    (KOREAN, "cp949"),
    (GREEK, "cp1253"),
    (TURKISH, "cp1254"),
]


@pytest.mark.parametrize(("body", "content_type", "encoding", "source"), DECLARED)
def test_the_strongest_witness_is_believed(body: bytes, content_type: str | None, encoding: str, source: str) -> None:
    decoded = decode(body, content_type)
    assert (decoded.encoding, decoded.source, decoded.had_errors) == (encoding, source, False)


@pytest.mark.parametrize(("body", "content_type", "encoding"), LIES)
def test_lies_are_repaired_and_marked(body: bytes, content_type: str | None, encoding: str) -> None:
    decoded = decode(body, content_type)
    assert (decoded.encoding, decoded.had_errors) == (encoding, False)
    assert decoded.source.endswith("_overruled")


@pytest.mark.parametrize(("text", "encoding"), UNDECLARED)
def test_without_a_declaration_the_bytes_tell(text: str, encoding: str) -> None:
    markup = f"<html><head><title>x</title></head><body><p>{text}</p>" + '<div class="teaser"></div>' * 200
    assert text in decode(markup.encode(encoding)).text


def test_a_cut_character_is_an_accident() -> None:
    body = FRENCH.encode() + "é".encode()[:1] + b" <p>more"
    decoded = decode(body, "text/html; charset=utf-8")
    assert (decoded.encoding, decoded.source, decoded.had_errors) == ("utf-8", "http", True)
    assert "étaient très fâchés" in decoded.text


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "gbk"])
@pytest.mark.parametrize(
    "unit", [b"a", b"a ", b"<a ", b"<!--", b"'", b"=", b"\xe9", b"\xe9a", b"<\xe9>", b"\xc3", b"<?xml "]
)
def test_long_and_monotonous_bodies_take_one_pass(unit: bytes, label: str | None) -> None:
    """Each of these once took minutes, or would take them in a careless expression."""
    body = unit * (1_000_000 // len(unit)) + b"\xff\xe9"
    assert decode(body, None if label is None else f"text/html; charset={label}").text


def test_a_short_east_asian_text_is_not_mistaken_for_utf8() -> None:
    body = "联通".encode("gbk")  # the classic: valid UTF-8 by chance
    assert decode(body, "text/html; charset=gbk").text == "联通"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        (" latin1\n", "cp1252"),
        ("us-ascii", "cp1252"),
        ("GB2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("TIS-620", "cp874"),
        ("iso-8859-9", "cp1254"),
        ("Big5", "big5hkscs"),
        ("utf8", "utf-8"),
        ("utf-7", None),
        ("zlib_codec", None),
        ("punycode", None),
    ],
)
def test_labels_mean_what_browsers_mean(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec


def test_every_codec_of_the_table_exists() -> None:
    for codec in CODEC_OF.values():
        codecs.lookup(codec)


@given(st.binary(max_size=400), st.one_of(st.none(), st.sampled_from(sorted(CODEC_OF)), st.text(max_size=30)))
def test_any_bytes_become_text(body: bytes, label: str | None) -> None:
    decoded = decode(body, None if label is None else f"text/html; charset={label}")
    assert decoded.had_errors or "\ufffd" not in decoded.text or b"\xef\xbf\xbd" in body or decoded.encoding != "utf-8"


@given(st.text())
def test_declared_utf8_comes_back_whole(text: str) -> None:
    assert decode(text.encode("utf-8", "ignore"), "text/html; charset=utf-8").text.lstrip("\ufeff") == text.encode(
        "utf-8", "ignore"
    ).decode().lstrip("\ufeff")
