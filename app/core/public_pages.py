"""Answers for people without an account, which their owner may take back at any moment.

They are the same for everybody: no cookie is read or set, and the language is the browser's own. A cache may keep
them, and that is why it has to be told:

* ``no-cache`` lets it keep the answer, but never use it without asking here first, and ``must-revalidate`` forbids to
  use it when we cannot be reached. So after the page is taken back, the next person behind the same cache gets the
  404, not the copy (RFC 9111, 5.2.2.4 and 4.2.4).
* The ``ETag`` makes that question cheap: while nothing has changed the answer is 304 and some hundred bytes.
* ``Vary`` keeps the languages apart.

Search engines are told not to list the page or keep a copy, and whoever follows a link from it does not say from where.
"""

import hashlib
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from app.core import i18n, pages

HEADERS: Final = {
    "Cache-Control": "no-cache, must-revalidate",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet, noimageindex",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


def use_language_of_browser(request: Request) -> None:
    """Speak as the browser asks, whatever somebody has chosen for the pages behind the door."""
    i18n.use_language(i18n.preferred_language(None, request.headers.get("accept-language")))


def render(request: Request, template: str, **context: Any) -> Response:
    """The page ``template``, which stands alone: it has no script, and knows nobody who looks at it."""
    use_language_of_browser(request)
    html = pages.environment().get_template(template).render(context, lang=pages.html_lang())
    return answer(request, html.encode("utf-8", "replace"), media_type="text/html")


def answer(request: Request, content: bytes, *, media_type: str) -> Response:
    """``content``, or 304 for whoever has it already."""
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'  # weak: the same bytes also travel compressed
    headers = HEADERS | {"ETag": etag}
    if _has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _has(asked: str, etag: str) -> bool:
    known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return asked.strip() == "*" or etag.removeprefix("W/") in known
