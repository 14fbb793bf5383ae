"""What has to be provable later leaves a row by itself: each file that leaves, each decision, each print."""

import re
from datetime import time, timedelta

import pytest
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.core import clock, pages
from app.core.ids import new_id
from app.core.routing import DbSession, Nobody, Router, Units, route_doors
from app.features.leave.rules import Span
from app.features.meetings.elections.service import call_election
from app.features.meetings.resolutions.rules import Office
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction, Role
from app.features.reviews import service as reviews
from app.features.shows.pledges import peers
from app.features.shows.wall.rules import PrintForm
from app.features.study.spot.service import promise
from app.features.wishes.desk import service as publishing
from tests.features.ballots.makers import prepare
from tests.features.leave.makers import ask
from tests.features.meetings.gatherings.makers import make_meeting
from tests.features.reviews.makers import make_review
from tests.features.study.makers import make_study_record
from tests.features.study.quizzes import make_quiz
from tests.makers import as_member, make_member

FILE = {"name": "名单.xlsx", "media_type": "text/plain"}


@pytest.fixture
def noted(database):
    """The rows of the audit log that are about the asked for acts, oldest first."""

    def rows(*actions):
        with database.read() as session:
            return session.scalars(
                select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id)
            ).all()

    return rows


@pytest.fixture
def everything(given, branch, committee):
    """Somebody behind nearly every door."""
    return given(make_member, branch, "全能", roles=(Role.SECRETARY,))


def addresses_of_files(app, person, **ids):
    """The addresses of the application that look like files, for one person, leave, meeting, election and review."""
    today = clock.today()
    known = {
        "{year:int}": str(today.year),
        "{quarter:int}": "3",
        "{version}": "1",
        "{month}": f"{today:%Y-%m}",
        "{member_id:uuid}": str(person.id),
    }
    known |= {f"{{{name}}}": str(one) for name, one in ids.items()}
    for methods, path, _door in route_doors(app):
        if "GET" in methods and path.endswith((".xlsx", ".json", ".csv")) and "upload" not in path:
            yield re.sub(r"{[^}]*}", lambda parameter: known[parameter[0]], path)


def test_every_file_leaves_a_row(client, app, given, everything, alice, noted):
    taken = 0
    leave_id = given(ask, everything, Span(clock.today(), clock.today()))
    event_id = given(make_meeting, everything, day=clock.today(), begins=time(0))
    candidates = {"office": Office.SECRETARY, "seats": 1, "candidate_ids": [everything.id]}
    election_id = given(call_election, everything.actor, event_id=event_id, id=new_id(), **candidates)
    review_id = given(prepare, everything)
    given(make_study_record, alice, occurred_on=clock.today(), received_at=clock.now())
    draw = {"first": clock.today(), "last": clock.today(), "percent": 10}
    draw_id = given(promise, everything.actor, id=new_id(), **draw).id
    quiz = {"opens_at": clock.now(), "closes_at": clock.now() + timedelta(days=1)}
    ids = {
        "draw_id:uuid": draw_id,
        "quiz_id:uuid": given(make_quiz, everything, **quiz),
        "leave_id": leave_id,
        "event_id": event_id,
        "election_id": election_id,
        "review_id": review_id,
    }
    for address in addresses_of_files(app, everything, **ids):
        answer = client.get(address, headers=as_member(everything))
        if answer.status_code in (403, 404):  # for people of another kind
            continue
        assert answer.status_code == 200, address
        if "attachment" not in answer.headers.get("content-disposition", ""):
            assert address in ("/sync/offline.json", "/api/v1/openapi.json"), (
                f"{address} looks like a file and does not say so"
            )
            continue
        taken += 1
        rows = noted(AuditAction.FILE_TAKEN)
        assert len(rows) == taken, f"{address} left no row"
        assert rows[-1].actor_id == everything.id
        assert rows[-1].subject
    assert taken >= 6


def test_of_another_ones_sheet_it_is_said_whose_it_is(client, sam, alice, noted):
    year = clock.today().year
    client.get(f"/members/{alice.id}/sheet/{year}/export.xlsx", headers=as_member(sam))
    (row,) = noted(AuditAction.FILE_TAKEN)
    assert (row.actor_id, row.subject_id, row.place_id) == (sam.id, alice.id, sam.branch_id)
    assert alice.name in row.subject


def test_every_route_answers_through_the_one_that_notes(app):
    by_the_way = [path for _methods, path, door in route_doors(app) if door is None]
    assert by_the_way == []


files = Router()


@files.get("/read")
def in_a_reading_unit(_door: Nobody, session: DbSession) -> Response:
    return pages.download(b"", **FILE)


@files.get("/own")
def in_units_of_its_own(_door: Nobody, units: Units) -> Response:
    return pages.download(b"", **FILE)


@files.post("/write")
def in_a_writing_unit(_door: Nobody, session: DbSession) -> Response:
    return pages.download(b"", **FILE)


@pytest.fixture
def with_files(application, app):
    before = list(application.router.routes)
    application.include_router(files, prefix="/try-files")
    yield
    application.router.routes[:] = before


@pytest.mark.usefixtures("with_files")
@pytest.mark.parametrize(("method", "address"), [("get", "read"), ("get", "own"), ("post", "write")])
def test_whatever_unit_makes_the_file(client, noted, method, address):
    assert client.request(method, f"/try-files/{address}").status_code == 200
    (row,) = noted(AuditAction.FILE_TAKEN)
    assert (row.actor_id, row.subject) == (None, FILE["name"])


@pytest.mark.usefixtures("with_files")
def test_a_look_at_the_head_takes_nothing(client, noted):
    assert client.head("/try-files/read").status_code == 200
    assert noted(AuditAction.FILE_TAKEN) == []


@pytest.mark.usefixtures("with_files")
def test_what_cannot_be_noted_does_not_leave(client, app, monkeypatch):
    def refuse(*_):
        raise OperationalError("INSERT", None, Exception("database is locked"))

    monkeypatch.setitem(app.state._state, "note_file", refuse)
    answer = client.get("/try-files/read")
    assert answer.status_code == 503
    assert "content-disposition" not in answer.headers


def test_pages_to_print_leave_a_row(client, sam, alice, bob, noted):
    for form in PrintForm:
        client.get(f"/shows/prints/{form.value}?member={alice.id}&member={bob.id}", headers=as_member(sam))
    rows = noted(AuditAction.PRINTED)
    assert [(row.actor_id, row.subject, row.changes["people"]) for row in rows] == [
        (sam.id, str(form.label), [None, "2"]) for form in PrintForm
    ]


def test_every_decision_leaves_a_row_for_each_record(given, sam, alice, bob, noted):
    first, second, third = (given(make_review, person) for person in (alice, bob, alice))
    approved = given(reviews.approve, sam.actor, [first, second])
    given(reviews.return_to_member, sam.actor, [third], reason="请写明时间")
    given(reviews.undo, sam.actor, decision_id=approved.decision_id)
    rows = noted(AuditAction.APPROVED, AuditAction.RETURNED, AuditAction.DECISION_UNDONE)
    assert {(row.action, row.subject_id, row.changes["record"][1]) for row in rows} == {
        (AuditAction.APPROVED, alice.id, str(first)),
        (AuditAction.APPROVED, bob.id, str(second)),
        (AuditAction.RETURNED, alice.id, str(third)),
        (AuditAction.DECISION_UNDONE, alice.id, str(first)),
        (AuditAction.DECISION_UNDONE, bob.id, str(second)),
    }
    assert len(rows) == 5
    assert "请写明时间" not in str([row.changes for row in rows])


def test_the_door_notes_who_comes_who_is_refused_and_who_goes(client, alice, noted):
    wrong = {"login": alice.phone, "password": "not-hers-at-all"}
    for _ in range(5):
        client.post("/sign-in", data=wrong)
    client.post("/sign-in", data=wrong | {"login": "13700000000"})
    client.post("/sign-out", headers=as_member(alice))
    rows = noted(AuditAction.SIGN_IN_FAILED, AuditAction.SIGN_IN_LOCKED, AuditAction.SIGNED_OUT)
    assert [(row.action, row.actor_id, row.subject_id) for row in rows] == [
        *[(AuditAction.SIGN_IN_FAILED, None, alice.id)] * 5,
        (AuditAction.SIGN_IN_LOCKED, None, alice.id),
        (AuditAction.SIGN_IN_FAILED, None, None),
        (AuditAction.SIGNED_OUT, alice.id, alice.id),
    ]
    assert "13700000000" not in str([(row.subject, row.changes) for row in rows])


def test_a_sign_in_leaves_a_row(client, alice, noted):
    client.post("/sign-in", data={"login": alice.phone, "password": alice.password})
    (row,) = noted(AuditAction.SIGNED_IN)
    assert (row.actor_id, row.subject_id, row.place_id) == (alice.id, alice.id, alice.branch_id)


def test_settings_of_a_branch_leave_a_row_when_they_change(given, sam, noted):
    for day in (None, 9, 9, None):
        given(publishing.set_day, sam.actor, day=day)
    for asks in (True, True):
        given(peers.ask_peers, sam.actor, asks_peers=asks)
    rows = noted(AuditAction.SETTINGS_CHANGED)
    assert [row.changes for row in rows] == [
        {"publishing_day": [None, "9"]},
        {"publishing_day": ["9", None]},
        {"asks_peers": ["False", "True"]},
    ]
