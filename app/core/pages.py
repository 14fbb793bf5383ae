"""HTML out: whole pages, fragments of them, and the only place that speaks htmx."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from jinja2_fragments import render_block

from app.core import built, drawing, exports, formats, i18n
from app.core.errors import BadInputError
from app.core.messages import Undo, left, told
from app.core.settings import PROJECT_DIR, settings

WEB_DIR: Final = PROJECT_DIR / "web"
THEMES: Final = ("auto", "light", "dark")
TEXT_SIZES: Final = ("normal", "large")
MESSAGE_COOKIE: Final = "sanliang_message"
CAME_COOKIE: Final = "sanliang_came"
"""Says that a file came, to the page that waits for it (``waiting.js``): browsers tell pages nothing of downloads."""
SHARED: Final[dict[str, Any]] = {}
"""What the application lets every template ask, as ``shared.name``. Macros see only the globals that were there when
they were read, so this is one that is filled later."""


class FormFault(NamedTuple):
    """Something that stands in the way of what was sent: said on top of the page, where its field is linked."""

    sentence: str
    at: str = ""
    """The id of the field on the page; empty where no field is to blame."""
    label: str = ""
    """What the field is called."""
    kept: bool = True
    """Whether the field still holds what was typed: a password and a file never come back."""


_faults: ContextVar[list[FormFault]] = ContextVar("faults")
"""What the page that is just being drawn says is wrong: whatever draws a sentence at a field names it here too."""


@dataclass(frozen=True, slots=True)
class PageState:
    """What every page knows of its visitor: language, looks and where it stands."""

    lang: str
    theme: str
    text: str
    path: str
    address: str
    """The path with what was asked of it, to come back to; without that for what a form was answered with."""
    demo: bool
    message: str | None
    undo: Undo | None = None
    shell: bool = False
    """Whether this is a page that a phone keeps for everybody and fills in by itself."""


def wants_fragment(request: Request) -> bool:
    """Whether htmx asked for a part; boosted and history requests want the page."""
    return request.headers.get("HX-Request-Type") == "partial"


def render(
    request: Request,
    template: str,
    *,
    block: str | None = None,
    status: int = 200,
    retarget: str | None = None,
    message: str | None = None,
    undo: Undo | None = None,
    **context: Any,
) -> Response:
    """The page ``template``, or only its ``block`` when htmx asked for a part.

    ``retarget`` is the CSS selector the fragment belongs to when it is not the form's own target;
    ``message`` is said in the page's live region, with ``undo`` beside it.
    """
    state = _page_state(request, message, undo)
    context |= {"request": request, "page": state, "actor": getattr(request.state, "actor", None)}
    headers: dict[str, str] = {"Cache-Control": "no-store"}
    if block and wants_fragment(request):
        html = _part(template, block, context, status)
        if retarget:
            headers |= {"HX-Retarget": retarget, "HX-Reswap": "outerHTML"}
        if message:
            headers["HX-Trigger"] = json.dumps({"sanliang:message": told(message, undo)})
    else:
        context["unread"] = _unread(status)
        with _collected() as context["faults"]:
            html = environment().get_template(template).render(context)
    content = html.encode("utf-8", "replace")  # half of a surrogate pair, in a file's text or a cookie, fails no page
    response = HTMLResponse(content, status_code=status, headers=headers)
    if state.message and state.message != message:
        response.delete_cookie(MESSAGE_COOKIE, path="/")
    return response


def _unread(status: int) -> str | None:
    """What is said on top of a form that came back though nothing on its page says why: the form may be gone by now."""
    return BadInputError().sentence if status == BadInputError.status else None


def _part(template: str, block: str, context: dict[str, Any], status: int) -> str:
    """The ``block`` alone; what is wrong in it goes to the top of the page that is there already."""
    with _collected() as faults:
        context["faults"] = faults
        html = render_block(environment(), template, block, context)
        if not faults and (unread := _unread(status)):
            _fault(unread)
    if faults and block != "message":
        summary = environment().globals["ui"].summary(faults)  # type: ignore[attr-defined]  # a macro
        return f"{html}{summary}"  # added to, markup would escape what stands before it
    return html


@contextmanager
def _collected() -> Iterator[list[FormFault]]:
    before = _faults.set([])
    try:
        yield _faults.get()
    finally:
        _faults.reset(before)


def _fault(sentence: str, at: str = "", label: str = "", *, kept: bool = True) -> str:
    """For templates: what is wrong is said at its field, and on top of the page. Draws nothing itself."""
    fault = FormFault(sentence, at, label, kept)
    if fault not in _faults.get():
        _faults.get().append(fault)
    return ""


def render_shell(request: Request, template: str, **context: Any) -> Response:
    """A page that the worker keeps and shows without a network: it is the same for everybody and names nobody."""
    request.state.is_shell = True
    response = render(request, template, message="", **context)  # what was left for the next page is not said here
    response.headers.update(built.shell_headers())
    return response


def see_other(url: str, *, message: str | None = None, undo: Undo | None = None) -> Response:
    """Go and look there (303): a reload of the next page is safe. ``message`` is shown there once, with ``undo``."""
    response = RedirectResponse(url, status_code=303)
    if message:
        encoded = json.dumps(told(message, undo))  # ASCII only, as cookies want it
        response.set_cookie(
            MESSAGE_COOKIE, encoded, max_age=60, path="/", httponly=True, samesite="lax", secure=settings().https
        )
    return response


def go(request: Request, url: str, *, message: str | None = None, undo: Undo | None = None) -> Response:
    """Leave for ``url`` from a form that may have been sent by htmx."""
    response = see_other(url, message=message, undo=undo)
    if request.headers.get("HX-Request"):
        response.status_code = 200
        response.headers["HX-Redirect"] = response.headers["location"]  # quoted: headers are no place for Chinese
        del response.headers["location"]
    return response


def refusal(request: Request, *, status: int, title: str, sentence: str, template: str = "error.html") -> Response:
    """A page, or a line in the page's message region, that says no kindly and with the request's id."""
    context: dict[str, Any] = {"title": title, "sentence": sentence, "request_id": request_id(request)}
    if request.headers.get("HX-Request"):
        return render(request, "error.html", block="message", status=status, retarget="#message", **context)
    return render(request, template, status=status, **context)


def download(content: bytes, *, name: str, media_type: str) -> Response:
    """A file to keep, under a ``name`` that may be Chinese. It may be personal: no cache keeps it.

    ``CAME_COOKIE`` goes with it, says nothing else and is gone after a minute.
    """
    name, media_type = exports.named(name, media_type, content)
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    response = Response(content, media_type=media_type, headers=headers)
    response.set_cookie(CAME_COOKIE, "1", max_age=60, path="/", samesite="lax", secure=settings().https)
    return response


def request_id(request: Request) -> str:
    """The id of this request, as it stands in the log."""
    return str(getattr(request.state, "request_id", "-"))


def address_outside(request: Request, path: str) -> str:
    """The whole address of ``path`` for paper and picture codes: as the installation is known outside."""
    return (settings().public_url or str(request.base_url)).rstrip("/") + path


def known_outside(request: Request) -> bool:
    """Whether ``address_outside`` is an address that somebody has named for this installation."""
    return bool(settings().public_url) or request.url.hostname in settings().hosts


def html_lang() -> str:
    """The language of the present request as ``<html lang>`` writes it."""
    return i18n.HTML_LANG[i18n.language()]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, with macros and filters as globals (a block alone does not see imports above it)."""
    templates = Environment(
        loader=FileSystemLoader(WEB_DIR / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_bytecode(Path(settings().data_dir) / "templates"),
        auto_reload=False,
        cache_size=-1,
    )
    templates.context_class = drawing.Drawing
    templates.globals |= {"_": drawing.gettext, "ngettext": drawing.ngettext}
    templates.globals["asset"] = built.asset
    templates.globals["known_outside"] = known_outside
    templates.globals["settings"] = settings()
    templates.globals["shared"] = SHARED
    templates.globals["fault"] = _fault
    templates.filters.update(formats.FILTERS)
    macro_files = (WEB_DIR / "templates" / "macros").glob("*.html")
    for macros in sorted(macro_files, key=lambda file: (file.stem != "ui", file.stem)):  # others stand on ui
        templates.globals[macros.stem] = templates.get_template(f"macros/{macros.name}").module
    return templates


class _WhileThereIsRoom(FileSystemBytecodeCache):
    """Compiled templates on disk. On a full one pages are compiled in memory, also the one that says it is full."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep ``bucket`` for the next start, if it can be kept."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _bytecode(folder: Path) -> FileSystemBytecodeCache:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return _WhileThereIsRoom(str(folder))


def _page_state(request: Request, message: str | None, undo: Undo | None) -> PageState:
    theme, text = request.cookies.get("sanliang_theme"), request.cookies.get("sanliang_text")
    if message is None and (cookie := request.cookies.get(MESSAGE_COOKIE)):
        message, undo = left(cookie)
    actor = getattr(request.state, "actor", None)
    asked = request.url.query and request.method in {"GET", "HEAD"}
    return PageState(
        lang=html_lang(),
        theme=theme if theme in THEMES else "auto",
        text=text if text in TEXT_SIZES else "normal",
        path=request.url.path,
        address=f"{request.url.path}?{request.url.query}" if asked else request.url.path,
        demo=bool(actor.is_demo if actor else getattr(request.state, "is_demo", False)),
        message=message,
        undo=undo,
        shell=getattr(request.state, "is_shell", False),
    )
