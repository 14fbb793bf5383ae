"""One way to answer a form: nothing typed is lost, and a refusal leaves nothing half done."""

from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.core.answers import Answer, Done, act, shown
from app.core.db import Database
from app.core.errors import ConflictError, ForbiddenError, NotFoundError, UnavailableError
from app.core.forms import FormModel, RawForm
from app.core.i18n import LazyText
from app.core.routing import DbSession, Nobody, Router, Units

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Note(FormModel):
    text: str
    day: int = 0


class TakenError(ConflictError):
    code = "taken"
    message = LazyText("This is taken.")
    field = "text"


class TooLateError(ConflictError):
    code = "too_late"
    message = LazyText("It is too late.")


@pytest.fixture
def notes(database: Database) -> Database:
    with database.write() as session:
        session.execute(text("CREATE TABLE notes (said VARCHAR(40))"))
    return database


def kept(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT said FROM notes")))


def page(answer: Answer) -> Response:
    form = answer.form
    lines = [
        f"typed: {form.typed('text') if form else ''}",
        f"errors: {dict(form.errors) if form else {}}",
        f"refusal: {answer.refusal}",
        f"message: {answer.message}",
    ]
    return PlainTextResponse("\n".join(lines), status_code=answer.status)


def served(database: Database, refusal: Exception | None = None, *, leaves: bool = False) -> TestClient:
    router = Router()

    @router.post("/notes")
    def keep(request: Request, session: DbSession, raw: RawForm, _: Nobody) -> Response:
        def do(note: Note) -> str | Done:
            session.execute(text("INSERT INTO notes VALUES (:said)"), {"said": note.text})
            if refusal:
                raise refusal
            return Done("/elsewhere", "Kept.") if leaves else "Kept."

        return act(request, session, raw, Note, do, page=page, to="/notes")

    app = FastAPI()
    app.state.database = database
    app.include_router(router)
    return TestClient(app, follow_redirects=False)


def test_what_was_done_is_said_on_the_page_that_a_reload_does_not_send_again(notes):
    answer = served(notes).post("/notes", data={"text": "one"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/notes")
    assert kept(notes) == ["one"]


def test_htmx_gets_the_page_anew(notes):
    answer = served(notes).post("/notes", data={"text": "one"}, headers=PART)
    assert (answer.status_code, "message: Kept." in answer.text) == (200, True)
    assert kept(notes) == ["one"]


@pytest.mark.parametrize(("headers", "status", "header"), [({}, 303, "location"), (PART, 200, "hx-redirect")])
def test_a_form_that_is_done_leaves_its_page(notes, headers, status, header):
    answer = served(notes, leaves=True).post("/notes", data={"text": "one"}, headers=headers)
    assert (answer.status_code, answer.headers[header]) == (status, "/elsewhere")


@pytest.mark.parametrize("headers", [{}, PART], ids=["plain", "htmx"])
def test_a_form_that_cannot_be_read_does_nothing_and_comes_back_as_typed(notes, headers):
    answer = served(notes).post("/notes", data={"text": "one", "day": "nonsense"}, headers=headers)
    assert answer.status_code == 422
    assert "typed: one" in answer.text
    assert "'day': " in answer.text
    assert kept(notes) == []


@pytest.mark.parametrize("headers", [{}, PART], ids=["plain", "htmx"])
def test_a_refusal_undoes_what_was_done_before_it_and_stands_at_its_field(notes, headers):
    answer = served(notes, TakenError()).post("/notes", data={"text": "one"}, headers=headers)
    assert answer.status_code == 409
    assert "typed: one" in answer.text
    assert "{'text': 'This is taken.'}" in answer.text
    assert kept(notes) == []


@pytest.mark.parametrize("refusal", [TooLateError(), ForbiddenError()])
def test_a_refusal_without_a_field_is_said_over_the_form_and_the_page(notes, refusal):
    answer = served(notes, refusal).post("/notes", data={"text": "one"})
    assert answer.status_code == refusal.status
    assert f"refusal: {refusal.sentence}" in answer.text
    assert "{'form': " in answer.text
    assert kept(notes) == []


@pytest.mark.parametrize("refusal", [NotFoundError(), UnavailableError()])
def test_what_no_typing_can_mend_is_a_page_of_its_own(notes, refusal):
    with pytest.raises(type(refusal)):
        served(notes, refusal).post("/notes", data={"text": "one"})
    assert kept(notes) == []


def test_long_work_opens_units_of_its_own(notes: Database) -> None:
    router = Router()

    @router.post("/notes")
    def keep(request: Request, units: Units, raw: RawForm, _: Nobody) -> Response:
        def do(note: Note) -> str:
            with units.write() as session:
                session.execute(text("INSERT INTO notes VALUES (:said)"), {"said": note.text})
                raise TakenError

        return act(request, None, raw, Note, do, page=page, to="/notes")

    app: Any = FastAPI()
    app.state.database = notes
    app.include_router(router)
    answer = TestClient(app).post("/notes", data={"text": "one"})
    assert (answer.status_code, "{'text': 'This is taken.'}" in answer.text) == (409, True)
    assert kept(notes) == []


def test_an_action_without_a_form_is_answered_the_same_way(notes: Database) -> None:
    router = Router()

    @router.post("/notes/end")
    def end(request: Request, _: Nobody) -> Response:
        return shown(request, "Ended.", page=page, to="/notes")

    app = FastAPI()
    app.state.database = notes
    app.include_router(router)
    client = TestClient(app, follow_redirects=False)
    assert client.post("/notes/end").headers["location"] == "/notes"
    assert "message: Ended." in client.post("/notes/end", headers=PART).text
