"""Routes as unit of work: who opens what, when it is committed, and what the answer says then."""

import threading
import time
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.routing import (
    OUTSIDE_AT_ONCE,
    SLOW_AT_ONCE,
    DbSession,
    Nobody,
    OutsideUnits,
    Provided,
    Router,
    Units,
    route_doors,
    write_aside,
)
from app.main import create_app

COUNT = text("SELECT count(*) FROM notes")


@pytest.fixture
def notes(database: Database) -> Database:
    """The database with a table of its own, of which a foreign key is only looked at when it is committed."""
    with database.write() as session:
        session.execute(
            text(
                "CREATE TABLE notes (id INTEGER PRIMARY KEY,"
                " answer_to INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)"
            )
        )
    return database


def count(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(COUNT).scalar_one())


def served(database: Database, router: Router) -> TestClient:
    app = FastAPI()
    app.state.database = database
    app.include_router(router)
    return TestClient(app, raise_server_exceptions=False)


def test_what_a_post_writes_is_committed_before_the_answer_leaves(notes: Database) -> None:
    router = Router()

    @router.post("/")
    def write(session: DbSession, _: Nobody) -> Response:
        session.execute(text("INSERT INTO notes (id) VALUES (1)"))
        return CountingResponse(notes)

    class CountingResponse(Response):
        def __init__(self, database: Database) -> None:
            super().__init__()
            self.database = database

        async def __call__(self, *args: Any) -> None:
            self.body = str(count(self.database)).encode()
            self.init_headers()
            await super().__call__(*args)

    assert served(notes, router).post("/").text == "1"


def test_a_commit_that_fails_never_answers_200(notes: Database) -> None:
    router = Router()

    @router.post("/")
    def write(session: DbSession, _: Nobody) -> Response:
        session.execute(text("INSERT INTO notes (id, answer_to) VALUES (1, 99)"))  # accepted until the commit
        return PlainTextResponse("done")

    answer = served(notes, router).post("/")
    assert (answer.status_code, count(notes)) == (500, 0)


def test_the_fault_of_a_commit_is_the_database_s_own(notes: Database) -> None:
    with pytest.raises(IntegrityError), notes.write() as session:
        session.execute(text("INSERT INTO notes (id, answer_to) VALUES (1, 99)"))


def test_raising_rolls_back(notes: Database) -> None:
    router = Router()

    @router.post("/")
    def write(session: DbSession, _: Nobody) -> Response:
        session.execute(text("INSERT INTO notes (id) VALUES (1)"))
        raise RuntimeError

    assert served(notes, router).post("/").status_code == 500
    assert count(notes) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_work_aside_is_written_whatever_the_request_does(notes: Database, method: str) -> None:
    router = Router()

    def enter(session: Session, request: Request) -> None:
        write_aside(session, request, lambda writing: writing.execute(text("INSERT INTO notes (id) VALUES (1)")))

    @router.get("/")
    def look(_: Annotated[None, Provided(enter)]) -> Response:
        return PlainTextResponse("seen")

    @router.post("/")
    def write(units: Units, _: Annotated[None, Provided(enter)]) -> Response:
        return PlainTextResponse("seen")

    assert served(notes, router).request(method, "/").status_code == 200
    assert count(notes) == 1


def test_work_aside_that_fails_does_not_fail_the_answer(notes: Database) -> None:
    router = Router()

    def fail(session: Session) -> None:
        raise OperationalError("UPDATE sessions", {}, Exception("database is locked"))

    @router.get("/")
    def look(_: Annotated[None, Provided(lambda session, request: write_aside(session, request, fail))]) -> Response:
        return PlainTextResponse("seen")

    assert served(notes, router).get("/").text == "seen"


def test_what_answers_get_answers_head(notes: Database) -> None:
    router = Router()

    @router.get("/")
    def look(_: Nobody) -> Response:
        return PlainTextResponse("seen")

    client = served(notes, router)
    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405
    app = client.app
    assert isinstance(app, FastAPI)
    assert ("GET,HEAD", "/", "everybody") in list(route_doors(app))


def test_an_endpoint_with_units_of_its_own_holds_none_while_it_computes(notes: Database) -> None:
    router = Router()
    held: list[int] = []

    def note(change: int) -> None:
        held.append(sum(held[-1:]) + change)

    for engine in {notes.reader, notes.writer}:
        event.listen(engine, "checkout", lambda *_: note(1))
        event.listen(engine, "checkin", lambda *_: note(-1))

    @router.post("/")
    def compute(units: Units, _: Nobody) -> Response:
        while_computing = sum(held[-1:])
        with units.write() as session:
            session.execute(text("INSERT INTO notes (id) VALUES (1)"))
        return PlainTextResponse(str(while_computing))

    assert served(notes, router).post("/").text == "0"
    assert count(notes) == 1


def test_slow_endpoints_wait_outside_the_threads_that_serve_pages(notes: Database) -> None:
    router = Router()
    together, most, lock, everybody_in = 0, 0, threading.Lock(), threading.Event()

    @router.post("/slow")
    def compute(units: Units, _: Nobody) -> Response:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        everybody_in.wait(10)
        with lock:
            together -= 1
        return PlainTextResponse("slow")

    @router.get("/")
    def look(_: Nobody) -> Response:
        return PlainTextResponse("seen")

    with served(notes, router) as client:  # one event loop for all
        slow = [threading.Thread(target=client.post, args=["/slow"]) for _ in range(60)]  # more than all threads
        for thread in slow:
            thread.start()
        assert client.get("/").text == "seen"
        everybody_in.set()
        for thread in slow:
            thread.join(20)
    assert most <= SLOW_AT_ONCE


def test_who_waits_for_a_service_elsewhere_keeps_nobody_and_one_too_many_is_refused(notes: Database) -> None:
    router = Router()
    waiting, go_on = threading.Semaphore(0), threading.Event()

    @router.post("/outside")
    def outside(units: OutsideUnits, _: Nobody) -> Response:
        waiting.release()
        go_on.wait(10)
        return PlainTextResponse("answered")

    @router.post("/slow")
    def slow(units: Units, _: Nobody) -> Response:
        return PlainTextResponse("slow")

    app = create_app(database=notes)
    app.include_router(router, prefix="/trouble")
    with TestClient(app) as client:
        both = [threading.Thread(target=client.post, args=["/trouble/outside"]) for _ in range(OUTSIDE_AT_ONCE)]
        for thread in both:
            thread.start()
        assert all(waiting.acquire(timeout=10) for _thread in both)
        assert client.post("/trouble/slow").text == "slow"
        assert client.post("/trouble/outside").status_code == 503
        go_on.set()
        for thread in both:
            thread.join()
        assert client.post("/trouble/outside").text == "answered"


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_a_page_of_sqlite_waits_for_the_one_before_and_not_for_one_that_takes_its_time(
    notes: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.routing.QUICK_S", 5.0)
    router, lock, together, most = Router(), threading.Lock(), 0, 0
    drawing, go_on = threading.Event(), threading.Event()

    @router.get("/quick")
    def quick(_: Nobody) -> Response:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        time.sleep(0.01)
        with lock:
            together -= 1
        return PlainTextResponse("quick")

    @router.get("/slow")
    def slow(_: Nobody) -> Response:
        drawing.set()
        go_on.wait(20)
        return PlainTextResponse("slow")

    with served(notes, router) as client:
        some = [threading.Thread(target=client.get, args=["/quick"]) for _ in range(8)]
        for thread in some:
            thread.start()
        for thread in some:
            thread.join(20)
        assert most == 1
        monkeypatch.setattr("app.core.routing.QUICK_S", 0.05)
        before = threading.Thread(target=client.get, args=["/slow"])
        before.start()
        assert drawing.wait(10)
        assert client.get("/quick").text == "quick"
        go_on.set()
        before.join(20)


def test_either_a_session_or_units() -> None:
    router = Router()
    with pytest.raises(TypeError):

        @router.post("/")
        def both(session: DbSession, units: Units, _: Nobody) -> Response:
            return PlainTextResponse("never")


def test_pages_are_read_while_more_wait_to_write_than_there_are_threads(notes: Database) -> None:
    router = Router()

    @router.post("/")
    def write(session: DbSession, _: Nobody) -> Response:
        session.execute(text("UPDATE notes SET id = id"))
        return PlainTextResponse("written")

    @router.get("/")
    def look(session: DbSession, _: Nobody) -> Response:
        return PlainTextResponse(str(session.execute(COUNT).scalar_one()))

    with notes.write() as session:
        session.execute(text("INSERT INTO notes (id) VALUES (1)"))
    written: list[str] = []
    with served(notes, router) as client:  # one event loop for all
        writers = [threading.Thread(target=lambda: written.append(client.post("/").text)) for _ in range(60)]
        with notes.write() as session:
            session.execute(text("UPDATE notes SET id = id"))
            for thread in writers:
                thread.start()
            assert client.get("/").text == "1"
            assert written == []
        for thread in writers:
            thread.join()
    assert written == ["written"] * 60


def test_whoever_waits_to_write_for_too_long_hears_so(notes: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.routing.PATIENCE_S", 0.1)
    monkeypatch.setattr("app.core.routing.WRITING_AT_ONCE", 1)
    router = Router()
    writing, go_on = threading.Event(), threading.Event()

    @router.post("/")
    def write(_: Nobody) -> Response:
        writing.set()
        go_on.wait(10)
        return PlainTextResponse("written")

    app = create_app(database=notes)
    app.include_router(router, prefix="/trouble")
    with TestClient(app) as client:
        first = threading.Thread(target=client.post, args=["/trouble/"])
        first.start()
        assert writing.wait(10)
        answer = client.post("/trouble/")
        go_on.set()
        first.join()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_waiting_for_other_writers_has_one_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'notes.db'}"
    database, other_process = Database(url), Database(url)
    for holder in (database, other_process):
        with holder.write() as session:
            session.execute(text("SELECT 1"))
            began = time.monotonic()
            with pytest.raises(OperationalError, match="locked"), database.write(patience=0.1):
                pass
            assert 0.1 <= time.monotonic() - began < 5
    with database.write(patience=0.1) as session:
        session.execute(text("SELECT 1"))
    database.close()
    other_process.close()
