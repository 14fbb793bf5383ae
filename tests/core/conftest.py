"""The whole application with some addresses of its own, at which everything goes wrong in its own way."""

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.core import errors
from app.core.db import Database
from app.core.forms import RawForm
from app.core.routing import DbSession, Nobody, Router
from app.main import create_app

REFUSALS = {
    refusal.code: refusal
    for refusal in (
        errors.ForbiddenError,
        errors.NotFoundError,
        errors.ConflictError,
        errors.TooLargeError,
        errors.BadInputError,
        errors.TooManyRequestsError,
        errors.UnavailableError,
    )
}
router = Router(prefix="/trouble")


@router.get("/refused/{code}")
@router.post("/refused/{code}")
def refused(_: Nobody, code: str) -> Response:
    raise REFUSALS[code]


@router.get("/fault")
@router.post("/fault")
def fault(_: Nobody) -> Response:
    raise RuntimeError("13800000011 must not be told to anybody")


@router.get("/numbers/{number}")
def number(_: Nobody, number: int) -> Response:
    return PlainTextResponse(str(number))


@router.post("/form")
def form(_: Nobody, raw: RawForm) -> Response:
    return PlainTextResponse(" ".join(raw))


@router.get("/ask")
@router.post("/ask")
def ask(session: DbSession, _: Nobody) -> Response:
    return PlainTextResponse(str(session.execute(text("SELECT count(*) FROM members")).scalar_one()))


@router.post("/broken")
def broken(session: DbSession, _: Nobody, raw: RawForm) -> Response:
    session.execute(text("INSERT INTO members (id, name) VALUES (NULL, :name)"), {"name": raw["name"]})
    return PlainTextResponse("done")


@pytest.fixture
def troubled_app(database: Database) -> FastAPI:
    app = create_app(database=database)
    app.include_router(router)
    return app


@pytest.fixture
def trouble(troubled_app: FastAPI) -> TestClient:
    """A browser in the house of troubles; faults become pages."""
    return TestClient(
        troubled_app,
        follow_redirects=False,
        raise_server_exceptions=False,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
