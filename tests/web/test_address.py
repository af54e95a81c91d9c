"""Which addresses may be reached: every special block of the registries, every disguise, and names that change."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.address import AddressRefusedError, connect, is_public, resolve

# IANA special-purpose registries (RFC 6890, RFC 8190) and the forms in which IPv6 wraps IPv4.
REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.1.2.3",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::5efe:10.0.0.1",
    "2606:4700::200:5efe:192.168.1.1",
]
REACHED = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.167.255.255",
    "192.169.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]
NO_ADDRESS = ["", "localhost", "1.2.3", "0x7f000001", "2130706433", "0177.0.0.1", "1.2.3.4.5", "[::1]", "::1::"]


@pytest.mark.parametrize("address", REFUSED + NO_ADDRESS)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", REACHED)
def test_other_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_ipv6_clothes_is_judged_as_without(address: object) -> None:
    for form in ("::ffff:{}", "64:ff9b::{}"):
        assert is_public(form.format(address)) == is_public(str(address))


@given(st.ip_addresses(v=4))
def test_clothes_that_are_out_of_use_are_refused(address: object) -> None:
    assert not is_public(f"::{address}")


@given(st.text())
def test_judging_never_raises(text: str) -> None:
    is_public(text)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A listener on 127.0.0.1 that counts for nobody: it must not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    "spelling", ["127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001"]
)
def test_other_spellings_are_the_same_address(spelling: str, port: int) -> None:
    with pytest.raises(AddressRefusedError):
        connect(spelling, port, timeout_seconds=1)


def test_what_may_be_reached_is_reached(port: int) -> None:
    with connect("127.0.0.1", port, may_reach=lambda _: True, timeout_seconds=1) as made:
        assert made.getpeername()[1] == port


def test_a_name_is_resolved_once_and_the_judged_answer_is_used(port: int) -> None:
    """DNS rebinding: the second answer would be another one, but nobody asks a second time."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    judged: list[str] = []

    def may_reach(address: str) -> bool:
        judged.append(address)
        return True

    with connect("news.test", port, may_reach=may_reach, resolver=rebinding, timeout_seconds=1) as made:
        assert made.getpeername()[0] == "127.0.0.1"
    assert asked == ["news.test"]
    assert judged == ["127.0.0.1"]


def test_private_answers_among_public_ones_are_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        port = listening.getsockname()[1]
        # 127.1.0.1 stands for a public address where nobody listens; 127.0.0.1 is private and does listen.
        with pytest.raises(ConnectionRefusedError):
            connect(
                "news.test",
                port,
                may_reach=lambda address: address.startswith("127.1."),
                resolver=lambda _host, _port: ["127.0.0.1", "127.1.0.1", "::1"],
                timeout_seconds=1,
            )
        with pytest.raises(BlockingIOError):  # nobody is waiting to be accepted
            listening.accept()


def test_an_address_that_leads_nowhere_does_not_use_up_the_time_of_the_next(port: int) -> None:
    with socket.socket() as full:  # a listener whose queue is full: connecting to it takes for ever
        full.bind(("127.0.0.3", port))
        full.listen(0)
        with socket.create_connection(("127.0.0.3", port)), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(("127.0.0.3", port))
            with connect(
                "news.test",
                port,
                may_reach=lambda _: True,
                resolver=lambda *_: ["127.0.0.3", "127.0.0.1"],
                timeout_seconds=0.4,
            ) as made:
                assert made.getpeername()[0] == "127.0.0.1"


def test_the_systems_resolver_names_each_answer_once() -> None:
    answers = resolve("localhost", 80)
    assert "127.0.0.1" in answers
    assert len(answers) == len(set(answers))
