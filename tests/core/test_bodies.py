"""Nothing is spent before the caller is known: over all routes, and per address."""

import asyncio

import pytest

from app.core.forms import SMALL_FORM_BYTES
from app.core.middleware import MAX_UPLOAD_BYTES
from app.core.routing import READING_METHODS, route_doors
from tests.makers import as_member

PART = 64 * 1024
"""As much as the server hands on at once."""
END = b"\r\n--b--\r\n"
TYPES = ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "application/json"]


class Sender:
    """Somebody who sends ``size`` bytes to an address in process, and counts how many of them were taken."""

    def __init__(self, app, path, *, method="POST", size=19 * 1024 * 1024, headers=(), declared=True, host="192.0.2.7"):
        self.app, self.size, self.taken, self.status = app, size, 0, 0
        lines = {"host": "testserver", "sec-fetch-site": "same-origin", "content-type": TYPES[0]}
        lines |= {"content-length": str(size)} if declared else {"transfer-encoding": "chunked"}
        lines |= {name.lower(): value for name, value in dict(headers).items()}
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in lines.items()],
            "client": (host, 5000),
            "server": ("testserver", 80),
            "state": {},
        }

    def send(self):
        """The status that came back."""
        asyncio.run(self.app(self.scope, self.receive, self.answer))
        return self.status

    async def receive(self):
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' if not self.taken else b""
        part = (head + bytes(PART))[: self.size - self.taken]
        self.taken += len(part)
        if self.taken == self.size:
            part = part[: -len(END)] + END
        return {"type": "http.request", "body": part, "more_body": self.taken < self.size}

    async def answer(self, message):
        self.status = message.get("status", self.status)


def address(path):
    """``path`` with something in the place of each of its ids."""
    parts = (part if "{" not in part else "0192f0c1-2345-7000-8000-000000000000" for part in path.split("/"))
    return "/".join(parts)


def writing_routes(app):
    return [
        (method, address(path))
        for methods, path, _door in route_doors(app)
        for method in methods.split(",")
        if method not in READING_METHODS
    ]


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("cookie", ["", "sanliang=forged"], ids=["stranger", "forged"])
def test_no_route_reads_much_of_a_stranger(app, declared, kind, cookie):
    routes = writing_routes(app)
    assert len(routes) > 80
    for method, path in routes:
        headers = {"Content-Type": kind, "Cookie": cookie}
        sender = Sender(app, path, method=method, headers=headers, declared=declared, size=1024 * 1024 - 1)
        status = sender.send()
        assert status < 500, (method, path, status)
        assert sender.taken <= SMALL_FORM_BYTES + PART, (method, path, status, sender.taken)


def test_a_member_sends_much_only_where_the_door_lets_her_in(app, alice, sam):
    hers, his = (Sender(app, "/roster", headers=as_member(person)) for person in (alice, sam))
    assert (hers.send(), hers.taken) == (403, 0)
    assert his.send() == 413  # of the page itself: it reads the file, and says how large a roster may be
    assert his.taken == his.size


def test_one_address_has_so_much_under_way_and_no_more(app, sam):
    waiting = [Sender(app, "/roster", headers=as_member(sam), size=MAX_UPLOAD_BYTES) for _ in range(4)]
    others = Sender(app, "/roster", headers=as_member(sam), host="198.51.100.1", size=1024)

    async def hold(sender):
        """Send all but the end, which does not come."""

        async def receive():
            if sender.taken >= sender.size - PART:
                await asyncio.Event().wait()
            return await sender.receive()

        await app(sender.scope, receive, sender.answer)

    async def run():
        tasks = [asyncio.create_task(hold(sender)) for sender in waiting]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await app(others.scope, others.receive, others.answer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    assert [sender.status for sender in waiting].count(429) == 1
    assert others.status == 422  # no roster, but read
    assert Sender(app, "/roster", headers=as_member(sam)).send() != 429  # who was cut off is forgotten
