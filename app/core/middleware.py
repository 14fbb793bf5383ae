"""What every request passes: an id, a language, the same-origin check, security headers, one log line.

Pure ASGI on purpose: ``BaseHTTPMiddleware`` costs about a quarter of a millisecond each (ARCHITECTURE).
"""

import json
import logging
import secrets
import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import i18n
from app.core.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
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
        i18n.use_language(i18n.preferred_language(_cookie(headers, "sanliang_lang"), headers.get("accept-language")))
        started, status = time.perf_counter(), 500

        async def finish(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    answer.setdefault(name, value)
                answer["X-Request-ID"] = request_id
            await send(message)

        try:
            if scope["method"] not in SAFE_METHODS and not is_same_origin(headers):
                await _refuse_foreign(scope, receive, finish)
            else:
                await self.app(scope, receive, finish)
        finally:
            access_log.info(
                "request",
                extra={
                    "request_id": request_id,
                    "method": scope["method"],
                    "route": _route_path(scope),
                    "status": status,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )


def is_same_origin(headers: Headers) -> bool:
    """Whether a write comes from our own pages.

    Browsers say so in ``Sec-Fetch-Site``; older ones send ``Origin``. A client that sends neither is no
    browser, so no foreign page can have made it send our cookies.
    """
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    if origin := headers.get("origin"):
        return urlsplit(origin).netloc == headers.get("host")
    return True


async def _refuse_foreign(scope: Scope, receive: Receive, send: Send) -> None:
    from app.core import pages
    from app.core.i18n import gettext as _

    response = pages.refusal(
        Request(scope),
        status=403,
        title=_("Not from here"),
        sentence=_("This form was sent from another site. Open the page here and send it again."),
    )
    await response(scope, receive, send)


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


class JsonLines(logging.Formatter):
    """One JSON object a line; only fields that were named on purpose, so no personal data slips in."""

    FIELDS = ("request_id", "method", "route", "status", "ms")

    def format(self, record: logging.LogRecord) -> str:
        """The line for ``record``."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
