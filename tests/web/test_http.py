"""One exchange against a web at its worst: a page or a reason, never an exception, never too long, never too much."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tasks.records import Failing, Failure, Page, Weight
from tasks.web import decompress
from tasks.web.http import Client, Limits
from tasks.web.http_body import LARGE_BYTES, Bodies
from tasks.web.http_chain import Answer, Chain, NotModified, settle, start
from tasks.web.http_connection import Allowance, OutOfTimeError
from tests.web.hostile.routes import ROUTES, zeros
from tests.web.hostile.server import Web

LIMITS = Limits(
    connect_seconds=2.0,
    read_seconds=2.0,
    total_seconds=5.0,
    max_head_bytes=64 << 10,
    max_wire_bytes=1 << 20,
    max_body_bytes=2 << 20,
)
# What takes a minute in the world takes half a second here.
HASTY = replace(LIMITS, connect_seconds=0.3, read_seconds=0.3, total_seconds=0.6)
BOMBS = ("gzip", "twice", "br", "zstd")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    for kind in BOMBS:
        zeros(kind)  # made beforehand, so that no answer is late for it
    with Web(hosts=3, routes=ROUTES) as running:
        yield running


@pytest.fixture(scope="module")
def client(web: Web) -> Iterator[Client]:
    with Client(limits=LIMITS, resolver=web.resolver, may_reach=web.may_reach) as made:
        yield made


PAGES = [
    "/page/1",
    "/coded/gzip",
    "/coded/deflate",
    "/coded/bare",
    "/coded/br",
    "/coded/zstd",
    "/coded/gzip/br",
    "/coded/gzip/br/zstd",
    "/chunked/whole",
    "/crumbs/9000",
    "/miscoded/identity",
    "/miscoded/utf-8",
    "/wall/1",
    "/soft-404/1",
    "/xml-bomb/1",
    "/redirect/301//page/1",
    "/redirect/302//page/1",
    "/redirect/303//page/1",
    "/redirect/307//page/1",
    "/redirect/308//page/1",
    "/odd/spelling",
    "/hints/1",
    "/lengths/8",
    "/lengths/8/8",
    "/lengths/many",
    "/lengths/-5",
    "/rubbish/1",
]

FAILURES = [
    ("/status/404", Failing.CLIENT_ERROR, Weight.SOFT),
    ("/status/410", Failing.GONE, Weight.SOFT),
    ("/status/429", Failing.RATE_LIMITED, Weight.TEMPORARY),
    ("/status/500", Failing.SERVER_ERROR, Weight.TEMPORARY),
    ("/status/999", Failing.PROTOCOL, Weight.SOFT),
    ("/status/206", Failing.PROTOCOL, Weight.SOFT),
    ("/drip", Failing.TIMEOUT, Weight.TEMPORARY),
    ("/drip-head", Failing.TIMEOUT, Weight.TEMPORARY),
    ("/stall", Failing.TIMEOUT, Weight.TEMPORARY),
    ("/stall/body", Failing.TIMEOUT, Weight.TEMPORARY),
    ("/reset", Failing.RESET, Weight.TEMPORARY),
    ("/reset/body", Failing.RESET, Weight.TEMPORARY),
    ("/hang-up", Failing.RESET, Weight.TEMPORARY),
    ("/short", Failing.TRUNCATED, Weight.TEMPORARY),
    ("/chunked/cut", Failing.TRUNCATED, Weight.TEMPORARY),
    ("/chunked/broken", Failing.TRUNCATED, Weight.TEMPORARY),
    ("/cut/gzip", Failing.TRUNCATED, Weight.TEMPORARY),
    ("/cut/br", Failing.TRUNCATED, Weight.TEMPORARY),
    ("/cut/zstd", Failing.TRUNCATED, Weight.TEMPORARY),
    ("/miscoded/gzip", Failing.ENCODING, Weight.SOFT),
    ("/miscoded/br", Failing.ENCODING, Weight.SOFT),
    ("/miscoded/zstd", Failing.ENCODING, Weight.SOFT),
    ("/miscoded/compress", Failing.ENCODING, Weight.SOFT),
    ("/miscoded/" + "gzip," * 50, Failing.ENCODING, Weight.SOFT),
    ("/bomb/gzip", Failing.BOMB, Weight.SOFT),
    ("/bomb/twice", Failing.BOMB, Weight.SOFT),
    ("/bomb/br", Failing.BOMB, Weight.SOFT),
    ("/bomb/zstd", Failing.BOMB, Weight.SOFT),
    ("/endless", Failing.TOO_LARGE, Weight.SOFT),
    ("/announced/99999999", Failing.TOO_LARGE, Weight.SOFT),
    ("/lengths/8/9", Failing.PROTOCOL, Weight.SOFT),
    ("/huge/fields", Failing.HEADERS, Weight.SOFT),
    ("/huge/bytes", Failing.HEADERS, Weight.SOFT),
    ("/huge/line", Failing.HEADERS, Weight.SOFT),
    ("/continued", Failing.HEADERS, Weight.SOFT),
    ("/crumbs/40000", Failing.PROTOCOL, Weight.SOFT),
    ("/switching", Failing.PROTOCOL, Weight.SOFT),
    ("/other", Failing.PROTOCOL, Weight.SOFT),
    ("/loop/0", Failing.REDIRECT_LOOP, Weight.SOFT),
    ("/sealed/1", Failing.REDIRECTS, Weight.SOFT),
    ("/maze/1", Failing.REDIRECTS, Weight.SOFT),
    ("/nowhere", Failing.BAD_REDIRECT, Weight.SOFT),
    ("/redirect/302/file:///etc/passwd", Failing.BAD_REDIRECT, Weight.SOFT),
    ("/redirect/302/javascript:alert(1)", Failing.BAD_REDIRECT, Weight.SOFT),
    ("/redirect/302/http://site-2.test:25/", Failing.BAD_REDIRECT, Weight.SOFT),
    ("/redirect/302/gopher://127.0.0.1:11211/_stats", Failing.BAD_REDIRECT, Weight.SOFT),
    ("/odd/length", Failing.BAD_REDIRECT, Weight.SOFT),
    ("/redirect/302/http://site-999.nowhere/", Failing.DNS, Weight.HARD),
]

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1:80/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://user:pw@127.0.0.1/",
    "http://127.0.0.1.:80/",
    "http:\\\\127.0.0.1\\",
    "//127.0.0.1/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "https://127.0.0.1/",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_come_back(path: str, web: Web, client: Client) -> None:
    got = client.get(web.url(1, path))
    assert isinstance(got.outcome, Page), got.outcome
    assert got.outcome.url == web.url(1, path)
    assert got.outcome.body.startswith(b"<")
    assert [line.outcome for line in got.exchanges] == ["ok"] * len(got.exchanges)
    assert all(line.remote_address == "127.1.0.1" for line in got.exchanges)


@pytest.mark.parametrize(("path", "reason", "weight"), FAILURES)
def test_failures_are_values(path: str, reason: Failing, weight: Weight, web: Web, client: Client) -> None:
    got = client.get(web.url(1, path), limits=HASTY if reason is Failing.TIMEOUT else None)
    assert isinstance(got.outcome, Failure), got.outcome
    assert (got.outcome.reason, got.outcome.weight) == (reason, weight), got.outcome
    assert got.outcome.url == web.url(1, path)
    assert got.outcome.detail
    assert "\n" not in got.outcome.detail
    assert got.exchanges[-1].elapsed_ms < 5_500


@pytest.mark.parametrize("location", PRIVATE)
def test_private_addresses_are_refused(location: str, web: Web, client: Client) -> None:
    direct = client.get(
        location if "//" in location[:8] and location[:2] != "//" else "http:" + location.replace("http:", "")
    )
    assert isinstance(direct.outcome, Failure)
    assert direct.outcome.reason is Failing.ADDRESS
    hop = client.get(web.url(1, "/redirect/302/" + location))
    assert isinstance(hop.outcome, Failure)
    assert hop.outcome.reason in (Failing.ADDRESS, Failing.BAD_REDIRECT)
    assert len(hop.exchanges) in (1, 2)
    chain = client.get(web.url(1, "/redirect/302/" + web.url(2, "/redirect/301/" + location)))
    assert isinstance(chain.outcome, Failure)
    assert chain.outcome.reason in (Failing.ADDRESS, Failing.BAD_REDIRECT)


def test_a_trusted_source_may_reach_private_addresses_and_lends_nothing_to_others(web: Web) -> None:
    with Client(limits=LIMITS, resolver=web.resolver) as client:
        trusted = client.get(web.url(1, "/page/1"), allow_private=True)
        assert isinstance(trusted.outcome, Page)
        # The connection is still open, and must not serve a source that may not go there.
        other = client.get(web.url(1, "/page/1"))
        assert isinstance(other.outcome, Failure)
        assert other.outcome.reason is Failing.ADDRESS


def test_a_name_that_changes_its_address_is_refused(web: Web) -> None:
    answers = iter([["127.1.0.1"], ["127.0.0.1"]])
    with Client(limits=LIMITS, resolver=lambda _host, _port: next(answers), may_reach=web.may_reach) as client:
        assert isinstance(client.get(f"http://rebind.test:{web.port}/status/404").outcome, Failure)
        client.close()  # the next request has to resolve the name again
        again = client.get(f"http://rebind.test:{web.port}/page/1").outcome
        assert isinstance(again, Failure)
        assert again.reason is Failing.ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news",
        "ftp://x/",
        "http://",
        "http://a b/",
        "http://x:99999/",
        "http://x:6667/",
        "http://" + "a" * 70 + ".com/",
        "http://[::1",
    ],
)
def test_what_is_no_url_is_not_asked_for(url: str, client: Client) -> None:
    got = client.get(url)
    assert isinstance(got.outcome, Failure)
    assert got.outcome.reason in (Failing.BAD_URL, Failing.DNS)


def test_nobody_listens(web: Web, client: Client) -> None:
    with socket.create_server(("127.1.0.2", 0)) as taken:
        port = taken.getsockname()[1]
    got = client.get(f"http://site-2.test:{port}/").outcome
    assert isinstance(got, Failure)
    assert got.reason is Failing.CONNECT


def test_header_fields_after_rubbish_are_read(web: Web, client: Client) -> None:
    got = client.get(web.url(1, "/rubbish/2")).outcome
    assert isinstance(got, Page)
    assert ("X-Folded", "one two") in got.headers
    assert [name for name, _ in got.headers] == ["X-First", "Content-Type", "X-Folded", "Content-Length"]


def test_the_chain_is_kept(web: Web, client: Client) -> None:
    last = web.url(2, "/page/9")
    middle = web.url(1, "/redirect/308/" + last)
    first = web.url(1, "/redirect/301/" + middle)
    got = client.get(first)
    assert isinstance(got.outcome, Page)
    assert got.outcome.redirects == (first, middle, last)
    assert got.outcome.final_url == last
    assert [line.status for line in got.exchanges] == [301, 308, 200]
    assert got.exchanges[0].location == middle


def test_validators_return_exactly_as_they_came(web: Web, client: Client) -> None:
    first = client.get(web.url(1, "/cached/1"))
    assert isinstance(first.outcome, Page)
    etag, modified = first.exchanges[-1].etag, first.exchanges[-1].last_modified
    second = client.get(web.url(1, "/cached/1"), etag=etag, last_modified=modified)
    assert isinstance(second.outcome, NotModified)
    assert second.outcome.etag == etag
    assert second.exchanges[-1].is_conditional
    asked = [line for line in web.log if line.path == "/cached/1"][-1]
    assert asked.headers["if-none-match"] == etag
    assert asked.headers["if-modified-since"] == modified


def test_a_304_nobody_asked_for_is_no_answer(web: Web, client: Client) -> None:
    got = client.get(web.url(1, "/unasked"))
    assert isinstance(got.outcome, Failure)
    assert got.outcome.reason is Failing.PROTOCOL


def test_a_sources_own_headers_go_to_its_own_origin_only(web: Web, client: Client) -> None:
    url = web.url(1, "/redirect/302/" + web.url(2, "/page/secret"))
    client.get(url, headers={"Authorization": "Bearer secret"})
    first, second = web.log[-2:]
    assert first.headers["authorization"] == "Bearer secret"
    assert "authorization" not in second.headers


def test_cookies_do_not_outlive_their_chain(web: Web, client: Client) -> None:
    client.get(web.url(1, "/wall/2"))
    assert web.log[-1].headers["cookie"] == "seen=yes"
    client.get(web.url(1, "/page/2"))
    assert "cookie" not in web.log[-1].headers


def test_retry_after_comes_in_both_forms(web: Web, client: Client) -> None:
    for form in ("seconds", "date"):
        got = client.get(web.url(1, f"/later/503/40/{form}/1")).outcome
        assert isinstance(got, Failure)
        assert got.retry_after_seconds is not None
        assert 38 <= got.retry_after_seconds <= 41


def test_a_hop_may_be_forbidden(web: Web, client: Client) -> None:
    refusal = Failure(url="", reason=Failing.ROBOTS, detail="closed")
    url = web.url(1, "/redirect/302//closed/1")
    got = client.get(url, may_ask=lambda target: refusal if "/closed/" in target and "redirect" not in target else None)
    assert isinstance(got.outcome, Failure)
    assert (got.outcome.reason, got.outcome.url, len(got.exchanges)) == (Failing.ROBOTS, url, 1)


def test_large_bodies_wait_for_a_place(web: Web) -> None:
    places = Bodies(large_at_a_time=1)
    allowance = Allowance(
        until=time.monotonic() + 5, connect_seconds=1, read_seconds=1, max_head_bytes=1, max_wire_bytes=1
    )
    more = threading.Event()

    def slow() -> Iterator[bytes]:
        yield bytes(LARGE_BYTES + 1)
        more.wait(5)
        yield b"end"

    read: list[bytes] = []
    first = threading.Thread(target=lambda: read.append(places._gathered(slow(), allowance)))
    first.start()
    hurried = replace(allowance, until=time.monotonic() + 0.1)
    with pytest.raises(OutOfTimeError):
        places._gathered([bytes(LARGE_BYTES + 1)] * 2, hurried)
    assert places._gathered([b"small"], allowance) == b"small"
    more.set()
    first.join()
    assert read[0].endswith(b"end")
    assert len(places._gathered([bytes(LARGE_BYTES + 1)], allowance)) == LARGE_BYTES + 1


def test_of_a_long_body_the_beginning_may_be_kept(web: Web, client: Client) -> None:
    limits = replace(LIMITS, max_body_bytes=100_000, keeps_beginning=True)
    for path in ("/endless", "/bomb/gzip"):
        got = client.get(web.url(1, path), limits=limits).outcome
        assert isinstance(got, Page), got
        assert 100_000 <= len(got.body) < 200_000
    short = client.get(web.url(1, "/page/1"), limits=limits).outcome
    assert isinstance(short, Page)
    assert len(short.body) < 100_000


def test_connections_are_kept(web: Web, client: Client) -> None:
    opened: list[str] = []

    def counting(host: str, port: int) -> list[str]:
        opened.append(host)
        return web.resolver(host, port)

    with Client(limits=LIMITS, resolver=counting, may_reach=web.may_reach) as fresh:
        for number in range(5):
            fresh.get(web.url(1, f"/page/{number}"))
        assert len(opened) == 1


def test_memory_stays_small_under_bombs(web: Web, client: Client) -> None:
    tracemalloc.start()
    try:
        for kind in BOMBS:
            client.get(web.url(1, f"/bomb/{kind}"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 << 20  # 64 MiB each would show


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A TLS server whose certificate, for `site-1.test`, is signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site-1.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site-1.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    with socket.create_server(("127.1.0.1", 0)) as plain:
        threading.Thread(target=_answer_over_tls, args=(plain, context), daemon=True).start()
        yield plain.getsockname()[1], file


def _answer_over_tls(plain: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            connection, _ = plain.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(connection, server_side=True) as wrapped:
                wrapped.recv(65536)
                wrapped.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<p>tls")
        except OSError:
            connection.close()


def test_certificates_are_verified(secure: tuple[int, Path], web: Web, client: Client) -> None:
    port, certificate = secure
    url = f"https://site-1.test:{port}/"
    refused = client.get(url).outcome
    assert isinstance(refused, Failure)
    assert refused.reason is Failing.TLS
    with Client(limits=LIMITS, resolver=web.resolver, may_reach=web.may_reach, ca_file=str(certificate)) as trusting:
        accepted = trusting.get(url).outcome
        assert isinstance(accepted, Page)
        assert accepted.body == b"<p>tls"
        other_name = Client(
            limits=LIMITS, resolver=lambda *_: ["127.1.0.1"], may_reach=web.may_reach, ca_file=str(certificate)
        )
        mismatch = other_name.get(f"https://site-2.test:{port}/").outcome
        assert isinstance(mismatch, Failure)
        assert mismatch.reason is Failing.TLS


def test_plain_http_on_a_tls_port(secure: tuple[int, Path], web: Web, client: Client) -> None:
    got = client.get(f"https://site-1.test:{web.port}/page/1", limits=HASTY).outcome
    assert isinstance(got, Failure)
    assert got.reason in (Failing.TLS, Failing.RESET, Failing.TIMEOUT)


def test_proxies_and_secrets_of_the_environment_are_not_read(
    web: Web, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert isinstance(client.get(web.url(1, "/page/1")).outcome, Page)
    assert "authorization" not in web.log[-1].headers


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.just("Location"), st.text(max_size=60)), max_size=2),
    st.integers(100, 999),
)
def test_settling_never_raises(url: str, headers: list[tuple[str, str]], status: int) -> None:
    chain = start(url)
    if isinstance(chain, Failure):
        chain = Chain(url=url, target="http://site-1.test/")
    answer = Answer(status=status, headers=(*headers, ("Set-Cookie", url)), body=b"", fetched_at=NOW)
    settled = settle(chain, answer)
    assert settled.url == url


@given(st.binary(max_size=2000), st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd"]), max_size=4))
def test_decoding_ends_in_bytes_or_one_of_its_errors(body: bytes, codings: list[str]) -> None:
    with suppress(decompress.DecodingError, decompress.TruncatedError, decompress.TooLargeError, decompress.BombError):
        decompress.decode(body, ", ".join(codings), decompress.Bounds(max_bytes=1 << 20))


@given(st.binary(max_size=5000), st.integers(1, 60))
def test_pieces_of_any_size_decode_alike(body: bytes, size: int) -> None:
    packed = {
        "gzip": gzip.compress(body) + gzip.compress(b"more"),
        "deflate": zlib.compress(body + b"more"),
        "br": brotli.compress(body + b"more"),
        "zstd": zstandard.ZstdCompressor().compress(body + b"more"),
    }
    for coding, content in packed.items():
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        assert b"".join(decompress.decoded(pieces, coding, decompress.Bounds())) == body + b"more"
