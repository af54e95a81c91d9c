"""What the words of a hostile path do. `/page/7` is an honest page; everything else is seen in the wild."""

from __future__ import annotations

import asyncio
import gzip
import os
import zlib
from email.utils import formatdate
from functools import cache
from time import time

import brotli
import zstandard

from tests.web.hostile.server import Answer, Temper, Visit

FROZEN = "Wed, 01 Jan 2020 00:00:00 GMT"


def article(visit: Visit, about: str = "") -> bytes:
    paragraph = (
        f"<p>{about or visit.asked.path} of {visit.asked.host}: the council met on Monday and voted, in short.</p>\n"
    )
    return f"<!doctype html><title>{visit.asked.path}</title><article>{paragraph * 60}</article>".encode()


async def page(visit: Visit) -> None:
    await visit.send(200, article(visit), 'ETag: "one"', "Vary: Accept")


async def coded(visit: Visit) -> None:
    """/coded/CODING…: an honest page under one or more codings, the first applied first."""
    body = article(visit)
    for name in visit.args():
        body = {
            "gzip": gzip.compress,
            "deflate": zlib.compress,
            "bare": lambda content: zlib.compress(content)[2:-4],
            "br": brotli.compress,
            "zstd": zstandard.ZstdCompressor().compress,
        }[name](body)
    header = ", ".join("deflate" if name == "bare" else name for name in visit.args())
    await visit.send(200, body, f"Content-Encoding: {header}")


async def cut(visit: Visit) -> None:
    """/cut/CODING: a coded body that ends early, with a Content-Length that agrees."""
    noise = os.urandom(40_000).hex().encode()
    name = visit.args()[0]
    body = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.ZstdCompressor().compress}[name](noise)
    await visit.send(200, body[:-40], f"Content-Encoding: {name}")


async def miscoded(visit: Visit) -> None:
    await visit.send(200, article(visit), f"Content-Encoding: {visit.args()[0]}")


@cache
def zeros(coding: str) -> bytes:
    """A bomb: 64 MiB of zero bytes."""
    if coding == "gzip":
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(64)), packer.flush()])
    if coding == "twice":
        return gzip.compress(zeros("gzip"), 9)
    if coding == "zstd":
        return zstandard.ZstdCompressor().compress(bytes(64 << 20))
    small = brotli.Compressor(quality=1)
    return b"".join([*(small.process(bytes(1 << 20)) for _ in range(64)), small.finish()])


async def bomb(visit: Visit) -> None:
    name = visit.args()[0]
    await visit.send(200, zeros(name), f"Content-Encoding: {'gzip, gzip' if name == 'twice' else name}")


async def xml_bomb(visit: Visit) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{entities}]><rss><channel>&l9;</channel></rss>'
    await visit.send(200, body.encode(), "Content-Type: application/rss+xml")


async def status(visit: Visit) -> None:
    """/status/CODE"""
    await visit.send(int(visit.args()[0]), b"no")


async def later(visit: Visit) -> None:
    """/later/CODE/SECONDS/FORM/TIMES: the status with a Retry-After, TIMES times, then a page."""
    code, seconds, form, times = visit.args()
    if visit.count >= int(times):
        await page(visit)
        return
    value = seconds if form == "seconds" else formatdate(visit.web.now() + float(seconds), usegmt=True)
    await visit.send(int(code), b"later", f"Retry-After: {value}")


async def flaky(visit: Visit) -> None:
    """/flaky/TIMES/…: broken connections, TIMES times, then a page."""
    if visit.count < int(visit.args()[0]):
        visit.reset()
        return
    await page(visit)


async def drip(visit: Visit) -> None:
    """A body that comes byte by byte, for ever."""
    await visit.send(200, b"<p>", length=1_000_000)
    while True:
        await visit.raw(b"x")
        await asyncio.sleep(0.05)


async def drip_head(visit: Visit) -> None:
    """Header fields that come byte by byte, for ever."""
    await visit.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        await visit.raw(b"x")
        await asyncio.sleep(0.05)


async def stall(visit: Visit) -> None:
    """/stall or /stall/body: silence, at once or in the middle of a body."""
    if visit.args():
        await visit.send(200, b"<p>", length=1000)
    await asyncio.sleep(60)


async def reset(visit: Visit) -> None:
    """/reset or /reset/body"""
    if visit.args():
        await visit.send(200, b"<p>" * 100, length=10_000)
        await asyncio.sleep(0.02)
    visit.reset()


async def hang_up(visit: Visit) -> None:
    """An orderly end without an answer."""
    visit.keep = False


async def short(visit: Visit) -> None:
    """Fewer bytes than announced."""
    await visit.send(200, b"<p>half", length=500)
    visit.keep = False


async def endless(visit: Visit) -> None:
    """A body without an announced end that does not end either."""
    await visit.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        await visit.raw(b"x" * 65536)


async def lengths(visit: Visit) -> None:
    """/lengths/VALUE/VALUE…: Content-Length fields that say these things."""
    fields = b"".join(b"Content-Length: %s\r\n" % value.encode() for value in visit.args())
    await visit.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + fields + b"\r\n<p>12345")
    visit.keep = False


async def announced(visit: Visit) -> None:
    """/announced/BYTES: a body said to be so long."""
    await visit.send(200, b"x", length=int(visit.args()[0]))
    visit.keep = False


async def chunked(visit: Visit) -> None:
    """/chunked/whole|cut|broken"""
    kind = visit.args()[0]
    await visit.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for piece in (b"<p>one</p>", b"<p>two</p>"):
        await visit.raw(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece))
    await visit.raw({"whole": b"0\r\n\r\n", "cut": b"ff\r\n<p>thr", "broken": b"zz\r\n<p>"}[kind])
    visit.keep = kind == "whole"


async def crumbs(visit: Visit) -> None:
    """/crumbs/COUNT: a chunked body in chunks of one byte."""
    await visit.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await visit.raw(b"1\r\n<\r\n" * int(visit.args()[0]) + b"0\r\n\r\n")


async def redirect(visit: Visit) -> None:
    """/redirect/CODE/TARGET…: the rest of the path is the target, as it is."""
    _, _, code, target = visit.asked.path.split("/", 3)
    await visit.send(int(code), b"", f"Location: {target}")


async def loop(visit: Visit) -> None:
    """/loop/N: N → N+1 → … → 3 → 0"""
    await visit.send(302, b"", f"Location: /loop/{(int(visit.args()[0]) + 1) % 4}")


async def maze(visit: Visit) -> None:
    """Redirects that never come back."""
    await visit.send(302, b"", f"Location: /maze/{int(visit.args()[0]) + 1}")


async def odd(visit: Visit) -> None:
    """/odd/spelling|length: targets that only a browser would read, or nobody."""
    target = {"spelling": " /page/a b\tc\\\u00d0\u00af ", "length": "/" + "x" * 3000}[visit.args()[0]]
    await visit.send(302, b"", f"Location: {target}")


async def nowhere(visit: Visit) -> None:
    await visit.send(301, b"")


async def wall(visit: Visit) -> None:
    """A cookie wall: no cookie, no page."""
    if "seen=yes" in visit.asked.headers.get("cookie", ""):
        await page(visit)
        return
    await visit.send(302, b"", f"Location: {visit.asked.path}", "Set-Cookie: seen=yes; Path=/; HttpOnly")


async def sealed(visit: Visit) -> None:
    """A cookie wall that sets a new cookie each time."""
    await visit.send(302, b"", f"Location: {visit.asked.path}", f"Set-Cookie: seen={visit.count}; Path=/")


async def cached(visit: Visit) -> None:
    """An honest validator, with a byte in it that is not ASCII and quotation marks that must survive."""
    tag = 'W/"caf\u00e9--gzip"'
    if visit.asked.headers.get("if-none-match") == tag:
        await visit.send(304, b"", f"ETag: {tag}")
        return
    await visit.send(200, article(visit), f"ETag: {tag}", f"Last-Modified: {FROZEN}")


async def liar(visit: Visit) -> None:
    """An ETag that changes with every answer although the page does not."""
    await visit.send(200, article(visit), f'ETag: "{visit.count}-{time()}"')


async def frozen(visit: Visit) -> None:
    """A Last-Modified that never changes although the page does."""
    await visit.send(200, article(visit, f"version {visit.count}"), f"Last-Modified: {FROZEN}")


async def unasked(visit: Visit) -> None:
    """304 to a request that had no validators."""
    await visit.send(304)


async def charset(visit: Visit) -> None:
    """A header that says UTF-8 above windows-1251."""
    text = "<p>Президент подписал закон о бюджете.</p>" * 20
    await visit.send(200, text.encode("cp1251"), "Content-Type: text/html; charset=utf-8")


async def soft_404(visit: Visit) -> None:
    await visit.send(200, b"<title>Page not found</title><h1>404</h1><p>We could not find that page.</p>")


async def huge_head(visit: Visit) -> None:
    """/huge/fields|bytes|line"""
    fields = {
        "fields": b"X-Many: 1\r\n" * 5000,
        "bytes": b"X-Big: %s\r\n" % (b"y" * 60_000) * 50,
        "line": b"X: " + b"z" * 200_000,
    }
    await visit.raw(b"HTTP/1.1 200 OK\r\n" + fields[visit.args()[0]] + b"\r\n\r\n")
    visit.keep = False


async def continued(visit: Visit) -> None:
    """Nothing but interim answers."""
    for _ in range(2000):
        await visit.raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
    visit.keep = False


async def rubbish(visit: Visit) -> None:
    """Header fields among things that are none."""
    body = article(visit)
    await visit.raw(
        b"HTTP/1.1 200 OK\r\nX-First: 1\r\n<!-- served by node 7 -->\r\nPHP Warning: oh no\r\n: nameless\r\n"
        b"Content-Type : text/html\r\n\xd0\xaf: ya\r\nX-Folded: one\r\n two\r\nContent-Length: %d\r\n\r\n"
        % len(body)
        + body
    )


async def hints(visit: Visit) -> None:
    """Interim answers before the real one."""
    await visit.raw(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 102 P\r\n\r\n"
    )
    await page(visit)


async def switching(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
    visit.keep = False


async def other_protocol(visit: Visit) -> None:
    await visit.raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    visit.keep = False


async def calendar(visit: Visit) -> None:
    """/calendar/N: a page that always links to a next one."""
    day = int(visit.args()[0])
    await visit.send(200, f'<a href="/calendar/{day + 1}">next</a><a href="/calendar/{day - 1}">previous</a>'.encode())


async def missing(visit: Visit) -> None:
    await visit.send(404, b"not here")


async def robots(visit: Visit) -> None:
    temper = visit.web.tempers.get(int(visit.asked.host[5:-5]), Temper())
    words = {
        "none": missing,
        "open": lambda v: v.send(200, b"User-agent: *\nDisallow:\n", "Content-Type: text/plain"),
        "closed": lambda v: v.send(200, b"User-agent: *\nDisallow: /\n", "Content-Type: text/plain"),
        "503": lambda v: v.send(503, b"down"),
        "429": lambda v: v.send(429, b"slow down"),
        "reset": reset,
        "stall": stall,
        "away": lambda v: v.send(301, b"", f"Location: {v.web.url(0, '/rules/robots.txt')}"),
        "loop": lambda v: v.send(302, b"", "Location: /robots.txt"),
    }
    answer: Answer = words.get(temper.robots, lambda v: v.send(200, temper.robots.encode(), "Content-Type: text/plain"))
    await answer(visit)


async def rules(visit: Visit) -> None:
    """A robots.txt that another host points to."""
    await visit.send(200, b"User-agent: *\nDisallow: /closed/\n", "Content-Type: text/plain")


ROUTES: dict[str, Answer] = {
    "page": page,
    "closed": page,
    "coded": coded,
    "cut": cut,
    "miscoded": miscoded,
    "bomb": bomb,
    "xml-bomb": xml_bomb,
    "status": status,
    "later": later,
    "flaky": flaky,
    "drip": drip,
    "drip-head": drip_head,
    "stall": stall,
    "reset": reset,
    "hang-up": hang_up,
    "short": short,
    "endless": endless,
    "lengths": lengths,
    "announced": announced,
    "chunked": chunked,
    "crumbs": crumbs,
    "redirect": redirect,
    "loop": loop,
    "maze": maze,
    "odd": odd,
    "nowhere": nowhere,
    "wall": wall,
    "sealed": sealed,
    "cached": cached,
    "liar": liar,
    "frozen": frozen,
    "unasked": unasked,
    "charset": charset,
    "soft-404": soft_404,
    "huge": huge_head,
    "continued": continued,
    "rubbish": rubbish,
    "hints": hints,
    "switching": switching,
    "other": other_protocol,
    "calendar": calendar,
    "missing": missing,
    "robots": robots,
    "rules": rules,
}
