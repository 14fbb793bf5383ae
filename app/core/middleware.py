"""What every request passes: an id, a language, the same-origin check, limits, security headers, one log line.

Pure ASGI on purpose: ``BaseHTTPMiddleware`` costs about a quarter of a millisecond each.
"""

import logging
import secrets
import time
from collections import Counter
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import exports, i18n, logs, metrics, refusals
from app.core.addresses import host_of, parts_of
from app.core.errors import (
    AppError,
    BadInputError,
    ForeignRequestError,
    NotFoundError,
    TooLargeError,
    TooManyRequestsError,
    UnknownHostError,
)
from app.core.settings import Settings
from app.core.visitors import network_of

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_SUPERVISORS: Final = frozenset({"/healthz", "/readyz"})
"""Asked by machines, by whatever address they have for this one."""
MAX_PATH_CHARACTERS: Final = 1000
"""No address of ours is nearly as long; Python refuses to read a number of thousands of digits out of one."""
SMALL_BODY_BYTES: Final = 64 * 1024
"""What is read to its end also of a request that is refused."""
MAX_BODY_BYTES: Final = 1024 * 1024
MAX_UPLOAD_BYTES: Final = 20 * 1024 * 1024
"""Of a form with files. What reads the file has a smaller limit and a sentence that knows what the file is for."""
MAX_BYTES_UNDER_WAY: Final = 3 * MAX_UPLOAD_BYTES
"""Of all requests of one address that have no answer yet, in each process: so much waits on the disk at most."""
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
access_log = logging.getLogger("sanliang.access")


class Shell:
    """Wraps the application once."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap ``app`` for an installation with ``settings``."""
        self.app = app
        self.under_way: Counter[str] = Counter()
        self.hosts, self.https = settings.known_hosts, settings.https
        self.observe = metrics.observer()
        self.headers = dict(SECURITY_HEADERS)
        if settings.https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = secrets.token_hex(6)
        scope.setdefault("state", {})["request_id"] = request_id
        logs.begin_request(request_id, headers.get("traceparent"))
        i18n.use_language(i18n.preferred_language(_cookie(headers, "sanliang_lang"), headers.get("accept-language")))
        exports.use(_cookie(headers, exports.COOKIE), scope["query_string"])
        began, started, status = time.perf_counter(), False, 500
        limited = _Limited(receive, _limit(headers), self.under_way, network_of(Request(scope)))

        async def finish(message: Message) -> None:
            nonlocal started, status
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                answer = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    answer.setdefault(name, value)
                answer["X-Request-ID"] = request_id
            await send(message)

        try:
            if refused := self._refusal(scope, headers):
                await _read_out(headers, receive)
                await refusals.respond(Request(scope), refused)(scope, receive, finish)
            else:
                await self.app(scope, limited.receive, finish)
        except Exception as fault:
            if not started:
                response = await run_in_threadpool(refusals.fault_page, Request(scope), fault)
                await response(scope, receive, finish)
            raise  # the server's log and the tests want to see it
        finally:
            limited.forget()
            took_s, route = time.perf_counter() - began, _route_path(scope)
            if self.observe:
                self.observe(scope["method"], route, status, took_s)
            access_log.info(
                "request",
                extra={
                    "request_id": request_id,
                    "method": scope["method"],
                    "route": route,
                    "status": status,
                    "ms": round(took_s * 1000, 1),
                },
            )

    def _refusal(self, scope: Scope, headers: Headers) -> AppError | None:
        if self.hosts and host_of(headers.get("host", "")) not in self.hosts and scope["path"] not in FOR_SUPERVISORS:
            return UnknownHostError()
        if scope["method"] not in SAFE_METHODS and not is_same_origin(headers, https=self.https):
            return ForeignRequestError()
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return BadInputError()  # no address of ours has a NUL, and PostgreSQL would stumble over it
        if len(scope["path"]) > MAX_PATH_CHARACTERS:
            return NotFoundError()
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > _limit(headers):
            return TooLargeError()
        return None


def is_same_origin(headers: Headers, *, https: bool) -> bool:
    """Whether a write comes from our own pages.

    Browsers say so in ``Sec-Fetch-Site``. Where it says ``none`` (somebody reloaded the answer to a form) or is
    missing (browsers before 2023), the ``Origin`` tells, which has to be encrypted where we are. A client that sends
    neither is no browser, so no foreign page can have made it send our cookies.
    """
    site = headers.get("sec-fetch-site", "")
    if site not in ("", "none"):
        return site == "same-origin"
    if headers.get("sec-fetch-mode", "navigate") != "navigate":
        return False  # what a script sends never comes from nowhere
    if origin := headers.get("origin"):
        parts = parts_of(origin)
        return parts.netloc == headers.get("host") != "" and (parts.scheme == "https" or not https)
    return True


class _Limited:
    """What is received of one request, until it or its address has sent too much."""

    def __init__(self, receive: Receive, limit: int, under_way: Counter[str], network: str) -> None:
        self._receive, self._limit = receive, limit
        self._under_way, self._network = under_way, network
        self._received = 0

    async def receive(self) -> Message:
        """The next part.

        Raises:
            TooLargeError: a body without a declared length has grown too large.
            TooManyRequestsError: so have all of the address together.
        """
        message = await self._receive()
        if size := len(message.get("body", b"")):
            self._received += size
            self._under_way[self._network] += size
        if self._received > self._limit:
            raise TooLargeError
        if self._under_way[self._network] > MAX_BYTES_UNDER_WAY:
            self.forget()  # at once: the others of the address may go on
            raise TooManyRequestsError
        return message

    def forget(self) -> None:
        """The request has its answer."""
        if self._received:
            self._under_way[self._network] -= self._received
            if not self._under_way[self._network]:
                del self._under_way[self._network]
            self._received = 0


async def _read_out(headers: Headers, receive: Receive) -> None:
    """Take in the small body of a refused request: whoever still sends when the connection closes loses the answer."""
    declared = headers.get("content-length", "")
    is_small = len(declared) < 9 and declared.isdecimal() and 0 < int(declared) <= SMALL_BODY_BYTES
    while is_small and (await receive()).get("more_body"):
        pass


def _limit(headers: Headers) -> int:
    with_files = headers.get("content-type", "").startswith("multipart/form-data")
    return MAX_UPLOAD_BYTES if with_files else MAX_BODY_BYTES


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _route_path(scope: Scope) -> str:
    """The pattern of the route, never the address itself: addresses can name people."""
    route = scope.get("route")
    return str(getattr(route, "path", "-"))
