"""What the committee decided is entered by one and confirmed by another, never about oneself; a matter counts once."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.entries.decided.models import DecidedEntry
from app.features.entries.decided.rules import EnteredAlreadyError, FutureMeetingError, NotSaidError, OwnEntryError
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag
from app.features.scores.periods import period_of
from app.features.scores.queries import member_sheet
from tests.features.entries.makers import APRIL, confirm, enter_decided, facts, waiting
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, page

KIND = "committee.entry"


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def send(client, sam):
    def post(fields, person=sam, headers=None):
        return client.post("/decided", data=fields, headers=ENGLISH | as_member(person) | (headers or {}))

    return post


def form(member, **said):
    task = {"what": "task", "title": "防汛值守专班", "day": "2026-04-02", "points": "2", "decided_on": "2026-04-03"}
    return {"id": str(new_id()), "member_id": str(member.id), **task, **said}


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_sam_enters_a_task_and_dora_confirms_it(client, send, database, sam, dora, alice, headers, status):
    fields = form(alice)
    assert [send(fields, headers=headers).status_code for _ in range(2)] == [status, status]
    with database.write() as session:
        (entry_id,) = waiting(session, KIND)
        assert reviews.approve(session, sam.actor, [entry_id]).done == ()
    shown = page(client.get(f"/approvals/{entry_id}", headers=ENGLISH | as_member(dora))).get_text(" ", strip=True)
    assert "2 points" in shown
    with database.write() as session:
        outcome = confirm(session, dora, KIND)
        assert facts(session, alice, "task.urgent") == [("", 200, False)]
        reviews.undo(session, dora.actor, decision_id=outcome.decision_id)
        assert sum(n for _g, n, _r in facts(session, alice, "task.urgent")) == 0


def test_what_belongs_to_an_entry_is_asked_at_its_field(send, alice):
    for change, field in (
        ({"points": ""}, "points"),
        ({"points": "3"}, "points"),
        ({"decided_on": ""}, "decided_on"),
        ({"day": "2026-05-01"}, "day"),
        ({"what": "commendation"}, "level"),
        ({"what": "commendation", "level": "unit"}, "document"),
    ):
        assert field in errors(page(send(form(alice, **change)), status=422)), change


def test_a_day_of_a_closed_year_is_said_to_who_confirms_it_and_no_meeting_is_yet_to_come(session, sam, alice):
    entry = enter_decided(session, sam, alice, day=date(2025, 12, 20), decided_on=date(2025, 12, 22))
    assert session.get_one(Review, entry).flags == (Flag.PERIOD_CLOSED,)
    with pytest.raises(FutureMeetingError) as refused:
        enter_decided(session, sam, alice, decided_on=date(2026, 4, 11))
    assert (refused.value.field, refused.value.code) == ("decided_on", "future_meeting")


def test_of_one_matter_the_highest_commendation_counts_however_it_is_written(session, sam, dora, alice):
    enter_decided(
        session, sam, alice, what="commendation", title="防汛先进个人", level="unit", document="机党〔2026〕1号"
    )
    enter_decided(session, sam, alice, what="commendation", title="“防汛先进个人”", level="province", document="2号")
    with pytest.raises(EnteredAlreadyError):
        enter_decided(session, dora, alice, what="commendation", title="防汛先进个人", level="unit", document="1号")
    confirm(session, dora, KIND)
    assert [grade for grade, _n, _r in facts(session, alice, "bonus.commendation")] == ["unit", "province"]
    sheet = member_sheet(session, alice.actor, alice.id, period_of(date(2026, 4, 10)))
    (line,) = [one for one in sheet.sheet.extra.lines if "bonus.commendation" in one.fact_types]
    assert line.points == 500  # the province's five, not six


def test_nobody_enters_what_is_about_oneself(session, sam, dora, alice):
    with pytest.raises(OwnEntryError):
        enter_decided(session, sam, sam)
    with pytest.raises(NotSaidError):
        enter_decided(session, sam, alice, what="suggestion", decided_on=None)
    enter_decided(session, sam, dora)
    assert reviews.approve(session, dora.actor, waiting(session, KIND)).done == ()


def test_strangers_get_nothing_and_who_entered_it_takes_it_back(client, send, database, given, sam, alice, olga, oscar):
    assert send(form(olga)).status_code == 404
    assert send(form(alice), person=alice).status_code in (403, 404)
    given(enter_decided, sam, alice)
    with database.read() as session:
        (entry_id,) = waiting(session, KIND)
    assert "防汛" not in client.get("/decided", headers=as_member(oscar)).text
    assert client.post(f"/decided/{entry_id}/withdraw", headers=as_member(oscar)).status_code == 404
    assert client.post(f"/decided/{entry_id}/withdraw", headers=as_member(sam)).status_code == 303
    with database.read() as session:
        assert waiting(session, KIND) == []


def test_the_database_refuses_by_name(session, sam, alice):
    enter_decided(session, sam, alice)
    one = session.scalars(select(DecidedEntry)).one()
    for change, name in (
        ({"entered_by_id": alice.id}, "not_about_oneself"),
        ({"points": None}, "points_iff_task"),
        ({"points": 3}, "points_iff_task"),
        ({"level": "unit"}, "level_iff_commendation"),
        ({"decided_on": None}, "decided_on_a_day"),
    ):
        with pytest.raises(IntegrityError, match=name), session.begin_nested():
            session.execute(DecidedEntry.__table__.update().where(DecidedEntry.id == one.id).values(**change))
