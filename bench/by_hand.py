"""The same pages without the product's layers: the statements each asks, sent to the driver as text, and its template.

What a page asks and what its template is given is taken down once from the product itself, so that the two can never
drift apart: every address can be asked for, and an answer that differs from the product's own ends the bench. After
that a request costs its statements, fetched as tuples, and the drawing of the page. Rows are not even turned into
values, so this is less than anybody could write by hand: what the product costs beyond it is *all* that its layers
cost: the unit of work, the ORM's engine, dates and enums, rules, headers, the log line.
"""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.testclient import TestClient
from jinja2 import Environment, Template
from sqlalchemy import Engine, event, make_url

from app.core import pages
from app.core.settings import settings
from app.features.sign_in.rules import COOKIE
from app.main import create_app as create_product

Statement = tuple[str, Any]
_FORM_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
"""A form that is drawn anew gets a new id."""


@dataclass
class Taken:
    """What one page asks, and what it draws."""

    statements: list[Statement] = field(default_factory=list)
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def create_app() -> FastAPI:
    """Every page of the product, and ``/hello`` for what an empty answer costs."""
    run = _runner(settings().resolved_database_url)
    product = TestClient(create_product(), base_url="http://127.0.0.1")
    known: dict[str, Taken] = {}
    one_at_a_time = threading.Lock()
    app = FastAPI(openapi_url=None)

    @app.get("/hello")
    def hello() -> Response:
        return HTMLResponse("<p>Hello</p>")

    @app.get("/{path:path}")
    def page(request: Request) -> Response:
        path = _address(request)
        with one_at_a_time:
            if path not in known:
                known[path] = _taken_down(product, request)
        taken = known[path]
        for statement, values in taken.statements:
            run(statement, values)
        return HTMLResponse(pages.environment().get_template(taken.template).render(taken.context))

    return app


def _taken_down(product: TestClient, request: Request) -> Taken:
    """What the product does for ``request``, asked twice: the first look may write, the second is taken down.

    Raises:
        RuntimeError: the page drawn again from what was taken down is not the product's page.
    """
    cookies, address = {COOKIE: request.cookies[COOKIE]}, _address(request)
    product.get(address, cookies=cookies)
    with _noted() as taken:
        answer = product.get(address, cookies=cookies)
    drawn = pages.environment().get_template(taken.template).render(taken.context)
    if answer.status_code != 200 or _FORM_ID.sub("", drawn) != _FORM_ID.sub("", answer.text):
        raise RuntimeError(f"{address}: not the same page ({answer.status_code})")
    return taken


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


@contextmanager
def _noted() -> Iterator[Taken]:
    taken, environment = Taken(), pages.environment()

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):  # the driver begins and ends by itself
            taken.statements.append((statement, values))

    def get_template(name: str, *rest: Any) -> Template:
        template = Environment.get_template(environment, name, *rest)
        draw = template.render

        def render(context: Mapping[str, Any]) -> str:
            taken.template, taken.context = name, dict(context)
            return draw(context)

        template.__dict__["render"] = render
        drawn.append(template)
        return template

    drawn: list[Template] = []
    event.listen(Engine, "before_cursor_execute", note)
    environment.__dict__["get_template"] = get_template
    try:
        yield taken
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        del environment.__dict__["get_template"]
        for template in drawn:
            template.__dict__.pop("render", None)


def _runner(url: str) -> Callable[[str, Any], list[Any]]:
    """Sends a statement to the database ``url`` by the driver alone: one connection a thread, rows as tuples."""
    address, local = make_url(url), threading.local()
    sqlite = address.get_backend_name() == "sqlite"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)

    def run(statement: str, values: Any) -> list[Any]:
        if not hasattr(local, "connection"):
            local.connection = (
                sqlite3.connect(str(address.database), isolation_level=None)
                if sqlite
                else psycopg.connect(plain, autocommit=True)
            )
        cursor = local.connection.execute(statement, values)
        rows: list[Any] = cursor.fetchall() if cursor.description else []
        return rows

    return run
