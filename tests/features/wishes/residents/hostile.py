"""Requests that mean no good, kind by kind: from where (``None``: somewhere new), method, address and the rest."""

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from tests.features.wishes.residents.makers import TYPED

Hostile: TypeAlias = tuple[str | None, str, str, dict[str, Any]]
FORM: Final = "application/x-www-form-urlencoded"
SNEAKY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raise %}${jndi:ldap://x}",
    "'; DROP TABLE wishes; --",
    "\u202egnp.exe \u2066abc\u2069\u200f",
    "👨‍👩‍👧‍👦🎁" * 40,
    "Z̸̢̛͎a̶l̷g̴o" * 12,
    "a\x00b\x07c\x1b[31m",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "=cmd|'/c calc'!A1",
    "\r\nSet-Cookie: sanliang_session=x",
    "\ufeff\u200b\u2060",
)


def hostile(form: str) -> Iterator[Hostile]:
    """About five hundred of them, against the ``form`` of a poster and the receipts."""
    for kind in (floods, tricks, giants, alphabets, other_contents, programs, wrong_ways):
        yield from kind(form)
    yield from guesses()


def floods(form: str) -> Iterator[Hostile]:
    for number in range(150):
        yield "203.0.113.5", "POST", form, {"data": TYPED | {"need": f"便宜贷款加微信 {number}"}}


def tricks(form: str) -> Iterator[Hostile]:
    for trick in SNEAKY:
        for field in TYPED:
            yield "203.0.113.6", "POST", form, {"data": TYPED | {field: trick}}
        yield None, "POST", form, {"data": TYPED | {"need": trick, "name": trick[:40] or "x"}}


def giants(form: str) -> Iterator[Hostile]:
    for size in (301, 5_000, 40_000, 70_000, 900_000, 1_100_000):
        for field in ("need", "name", "phone", "address", "receipt", "website", "nothing"):
            yield None, "POST", form, {"data": TYPED | {field: "巨" * (size // 3)}}
    yield None, "POST", form, {"content": b"need=" + b"a" * 3_000_000, "headers": {"Content-Type": FORM}}
    yield None, "POST", form, {"data": {f"field{number}": "x" for number in range(3_000)}}


def alphabets(form: str) -> Iterator[Hostile]:
    for encoding in ("gbk", "big5", "utf-16", "utf-8-sig", "shift_jis"):
        body = b"&".join(f"{name}=".encode() + text.encode(encoding, "replace") for name, text in TYPED.items())
        yield None, "POST", form, {"content": body, "headers": {"Content-Type": f"{FORM}; charset={encoding}"}}
        quoted = urlencode(TYPED, encoding=encoding, errors="replace")
        yield None, "POST", form, {"content": quoted.encode(), "headers": {"Content-Type": FORM}}
    for raw in (b"", b"%", b"%ff%fe=%00", b"need=%C0%AF", b"&&&&====", b"\xff" * 2_000, b"need" * 9_000):
        yield None, "POST", form, {"content": raw, "headers": {"Content-Type": FORM}}


def other_contents(form: str) -> Iterator[Hostile]:
    kinds = ("application/json", "text/plain", "text/xml", "image/png", "multipart/form-data", "", "x/y; charset=☃")
    for kind in kinds:
        body = json.dumps(TYPED).encode()
        yield None, "POST", form, {"content": body, "headers": {"Content-Type": kind.encode("utf-8", "replace")}}
    for number in range(20):
        yield None, "POST", form, {"data": TYPED, "files": {"need": (f"{number}.exe", b"MZ" * 500)}}


def programs(form: str) -> Iterator[Hostile]:
    """They fill everything in, also what people do not see, or leave things out."""
    for number in range(50):
        yield None, "POST", form, {"data": TYPED | {"website": f"https://example.org/{number}"}}
    for left_out in TYPED:
        yield None, "POST", form, {"data": {name: text for name, text in TYPED.items() if name != left_out}}


def wrong_ways(form: str) -> Iterator[Hostile]:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        yield None, method, form, {}
    for word in ("%2e%2e", "'", "<script>", "%F0%9F%98%80", "a" * 2_000, "%E2%80%AE"):
        yield None, "GET", f"/c/{word}", {}
        yield None, "POST", f"/c/{word}", {"data": TYPED}


def guesses() -> Iterator[Hostile]:
    for number in range(60):
        yield "203.0.113.7", "POST", "/receipt", {"data": {"code": f"{number:012}"}}
    for trick in SNEAKY:
        for address in ("/receipt", "/receipt/withdraw", "/receipt/story"):
            yield "203.0.113.8", "POST", address, {"data": {"code": trick}}
