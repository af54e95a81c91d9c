"""Which addresses of the network a request may reach, decided on the very address that is connected to.

A page, a feed or a redirect may name any host: `http://169.254.169.254/` (a cloud's key store), `http://0x7f.1/`, a
name whose owner answers with 8.8.8.8 when asked first and with 127.0.0.1 when asked again. Checking the *written* host
cannot win against that. So the check sits where the socket is made: the name is resolved once, each answer is judged,
and the socket is connected to a judged answer and to nothing else. Octal, hexadecimal and decimal spellings need no
rule of their own, since the system's resolver turns them into the same answers.

Known exceptions: none by host. A source with `allow_private` may reach everything, on every hop of its redirects too:
who declares a source inside the house trusts that source with the house.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Resolver = Callable[[str, int], Iterable[str]]
"""Host and port → the addresses it has now, best first. May raise `OSError` or `UnicodeError`."""

# IANA IPv4 Special-Purpose Address Registry (RFC 6890, as updated by RFC 8190): every block that is not globally
# reachable. 192.0.0.0/24 is taken whole, although two of its anycast addresses are reachable: no news is served there.
NOT_PUBLIC_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # "this network", RFC 791; Linux connects 0.0.0.0 to loopback
        "10.0.0.0/8",  # private use, RFC 1918
        "100.64.0.0/10",  # shared address space of carriers, RFC 6598
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link local, RFC 3927; metadata services of clouds
        "172.16.0.0/12",  # private use, RFC 1918
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # 6to4 relay anycast, withdrawn by RFC 7526
        "192.168.0.0/16",  # private use, RFC 1918
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved, RFC 1112, and the limited broadcast address
    )
)

GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")  # RFC 4291, 2.4: all that is handed out; the rest is refused unread

# Blocks inside 2000::/3 that are not reachable or that wrap an IPv4 address (IANA IPv6 Special-Purpose Address
# Registry).
NOT_PUBLIC_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments: Teredo (RFC 4380), benchmarking, ORCHID
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4 (RFC 3056): wraps any IPv4 address; withdrawn by RFC 7526
        "3fff::/20",  # documentation, RFC 9637
    )
)
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is meant
ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214, 6.1: bits 64–95; the last 32 bits are an IPv4 address


MAX_TRIES = 4
"""Of a host's addresses; large sites have a dozen, and when four are down the rest is too."""


class AddressRefusedError(Exception):
    """A host has no address that may be reached."""


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether `address` is globally reachable unicast; what cannot be read is not."""
    try:
        ip = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in NOT_PUBLIC_V4)
    wrapped = _wrapped(ip)
    if wrapped is not None:
        return is_public(wrapped)
    return ip in GLOBAL_UNICAST_V6 and not any(ip in block for block in NOT_PUBLIC_V6)


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which packets for `ip` would go in the end, if it is of a kind that stands for one."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in NAT64 or (int(ip) >> 32) & 0xFFFFFFFF in ISATAP:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def resolve(host: str, port: int) -> list[str]:
    """The addresses the system's resolver gives for `host`, in its order of preference, each once."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def connect(
    host: str,
    port: int,
    *,
    may_reach: Callable[[str], bool] = is_public,
    resolver: Resolver = resolve,
    timeout_seconds: float,
    make_socket: Callable[[int], socket.socket] = socket.socket,
) -> socket.socket:
    """A socket connected to an address of `host` that may be reached, all tries together within `timeout_seconds`.

    Raises `AddressRefusedError` when no answer may be reached, else the last `OSError`.
    """
    until = time.monotonic() + timeout_seconds
    answers = list(resolver(host.strip("[]"), port))
    allowed = [answer for answer in answers if may_reach(answer)][:MAX_TRIES]
    if answers and not allowed:
        raise AddressRefusedError(f"{host} is {answers[0]}, which may not be reached")
    error: OSError = socket.gaierror(socket.EAI_NONAME, f"{host} has no address")
    for tried, address in enumerate(allowed):
        # A share of the time for each: hosts whose IPv6 leads nowhere are common, and IPv4 comes second.
        share = (until - time.monotonic()) / (len(allowed) - tried)
        if share <= 0:
            raise TimeoutError(f"no connection to {host} within {timeout_seconds:g} s")
        try:
            return _connect_to(address, port, share, make_socket)
        except OSError as refused:
            error = refused
    raise error


def _connect_to(
    address: str, port: int, timeout_seconds: float, make_socket: Callable[[int], socket.socket]
) -> socket.socket:
    made = make_socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.settimeout(timeout_seconds)
        made.connect((address, port))
    except BaseException:
        made.close()
        raise
    return made
