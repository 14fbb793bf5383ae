"""Making up for a meeting: within thirty days it keeps the loss of private leave off; before day 31 none is posted."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.makeups import service
from app.features.meetings.makeups.due import DUE
from app.features.meetings.makeups.rules import DayNotThereError, MadeUpAlreadyError, NothingToMakeUpError
from app.features.meetings.ticks.models import MakeUp
from app.features.meetings.ticks.rules import How, Mark
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.proof import mismatches
from tests.features.meetings.gatherings.makers import confirm, facts_of, make_meeting, review_of, tick
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page

DAY = date(2026, 1, 31)
LOSS = [("attendance.private_leave", DAY)]


def after(days, hour=9, minute=0):
    """A moment so many days after the meeting, on the branch's clock."""
    return datetime.combine(DAY + timedelta(days=days), time(hour, minute), clock.zone())


@pytest.fixture
def missed(given, sam, dora, alice, friday):
    """Alice was on private leave at the lecture of 31 January, and that is confirmed the same evening."""
    return miss(given, sam, dora, alice, friday)


def miss(given, sam, dora, person, traveller, mark=Mark.PRIVATE, **said):
    traveller.move_to(after(0, 20))
    event_id = given(make_meeting, sam, Kind.LECTURE, day=DAY, **said)
    given(tick, sam, event_id, but={person: mark})
    given(confirm, dora, event_id)
    return event_id


def made_up(given, by, event_id, day, **said):
    """Reported for ``day``, counted from the meeting; its id."""
    done_on = DAY + timedelta(days=day)
    return given(
        service.report, by.actor, **{"id": new_id(), "event_id": event_id, "done_on": done_on, "how": How.TOLD, **said}
    ).id


def swept(database, traveller, *moment):
    """What the sweep posts at a moment after the meeting."""
    traveller.move_to(after(*moment))
    return service.post_private_leave(database, datetime.now(UTC))


def losses(given, person):
    return [fact for fact in given(facts_of, person) if fact[0].startswith("attendance.")]


def test_nothing_is_posted_before_day_31_and_then_once(database, given, missed, alice, friday):
    assert swept(database, friday, 30, 23, 59) == 0
    assert losses(given, alice) == []
    assert swept(database, friday, 31, 0, 1) == 1
    assert swept(database, friday, 32) == 0
    assert losses(given, alice) == LOSS
    assert given(lambda session: list(mismatches(session))) == []


@pytest.mark.parametrize(("reported", "loss"), [(30, []), (31, LOSS)], ids=["2 March", "3 March"])
def test_the_example_of_the_domain(database, given, missed, dora, alice, friday, reported, loss):
    friday.move_to(after(reported, 12))
    if reported > 30:
        with pytest.raises(DayNotThereError):
            made_up(given, alice, missed, reported)
    else:
        given(reviews.approve, dora.actor, [made_up(given, alice, missed, reported)])
    swept(database, friday, 31)
    assert losses(given, alice) == loss
    assert swept(database, friday, 60) == 0


def test_reported_in_time_it_holds_the_loss_until_day_40(database, given, missed, dora, alice, friday):
    friday.move_to(after(30, 12))
    waiting = made_up(given, alice, missed, 30)
    assert swept(database, friday, 40, 23, 59) == 0
    assert swept(database, friday, 41, 0, 1) == 1
    given(reviews.approve, dora.actor, [waiting])  # too late for the loss; the content counts on its day
    assert given(facts_of, alice) == [*LOSS, ("study.session", DAY + timedelta(days=30))]


def test_confirmed_by_day_40_it_takes_away_what_was_posted(database, given, missed, dora, alice, friday):
    assert swept(database, friday, 31) == 1
    friday.move_to(after(40, 12))
    given(reviews.approve, dora.actor, [made_up(given, alice, missed, 12)])  # done in time, said late
    assert given(facts_of, alice) == [("study.session", DAY + timedelta(days=12))]
    decision = given(lambda session: session.query(Review).order_by(Review.id.desc()).first().decision_id)
    given(reviews.undo, dora.actor, decision_id=decision)
    assert given(facts_of, alice) == LOSS  # reported after day 30, it holds nothing while it waits
    assert given(lambda session: list(mismatches(session))) == []


def test_returned_after_day_30_the_loss_counts_at_once_till_it_is_corrected(given, missed, dora, alice, friday):
    friday.move_to(after(29))
    waiting = made_up(given, alice, missed, 5)
    friday.move_to(after(35))
    given(reviews.return_to_member, dora.actor, [waiting], reason="请写明方式")
    assert losses(given, alice) == LOSS
    corrected = made_up(given, alice, missed, 5, how=How.MATERIALS)
    assert given(lambda session: session.get_one(Review, corrected).corrects_id) == waiting
    given(reviews.approve, dora.actor, [corrected])
    assert losses(given, alice) == []


def test_in_a_year_that_is_closed_it_keeps_its_day_and_counts_in_the_open_one(
    database, given, sam, dora, alice, friday
):
    friday.move_to(datetime(2025, 12, 20, 12, tzinfo=UTC))
    event_id = given(make_meeting, sam, day=date(2025, 12, 19), reason="补录")
    given(tick, sam, event_id, but={alice: Mark.PRIVATE})
    given(confirm, dora, event_id)
    friday.move_to(datetime(2026, 1, 20, 1, tzinfo=UTC))
    assert service.post_private_leave(database, datetime.now(UTC)) == 1
    with database.read() as session:
        fact = session.query(Fact).where(Fact.member_id == alice.id).one()
        assert (fact.occurred_on, fact.counts_in) == (date(2025, 12, 19), date(2026, 1, 1))


def test_of_linked_meetings_the_heaviest_decides(database, given, sam, dora, alice, friday):
    first = miss(given, sam, dora, alice, friday, begins=time(14), ends=time(15))
    miss(given, sam, dora, alice, friday, Mark.ABSENT, begins=time(15), ends=time(16), linked_to_id=first)
    absent = [("attendance.absent", DAY)]
    assert losses(given, alice) == absent
    swept(database, friday, 31)
    assert losses(given, alice) == absent


@pytest.mark.parametrize("mark", [Mark.ABSENT, Mark.SICK])
def test_of_an_absence_the_content_alone_is_made_up_for(given, sam, dora, alice, friday, mark):
    event_id = miss(given, sam, dora, alice, friday, mark)
    before = losses(given, alice)
    friday.move_to(after(3, 12))
    given(reviews.approve, dora.actor, [made_up(given, alice, event_id, 3)])
    assert given(facts_of, alice) == [*before, ("study.session", DAY + timedelta(days=3))]
    assert before == ([("attendance.absent", DAY)] if mark is Mark.ABSENT else [])


def test_what_cannot_be_is_refused_and_twice_is_once(given, missed, sam, alice, bob, friday):
    friday.move_to(after(10, 12))
    for day in (-1, 11):
        with pytest.raises(DayNotThereError):
            made_up(given, alice, missed, day)
    with pytest.raises(NothingToMakeUpError):
        made_up(given, bob, missed, 1)  # was there
    name = new_id()
    assert made_up(given, alice, missed, 1, id=name) == made_up(given, alice, missed, 1, id=name) == name
    with pytest.raises(MadeUpAlreadyError):
        made_up(given, sam, missed, 2, member_id=alice.id)
    given(service.withdraw, alice.actor, make_up_id=name)
    made_up(given, sam, missed, 2, member_id=alice.id)
    assert given(lambda session: session.query(Review.status).where(Review.id == name).scalar()) == "withdrawn"


@pytest.mark.usefixtures("english")
def test_who_comes_too_late_is_told_so(given, missed, alice, friday):
    friday.move_to(after(40, 23))
    made_up(given, alice, missed, 30, id=(name := new_id()))
    given(service.withdraw, alice.actor, make_up_id=name)
    friday.move_to(after(41))
    with pytest.raises(NothingToMakeUpError) as refusal:
        made_up(given, alice, missed, 30)
    assert "its days are over" in str(refusal.value.sentence)


def test_nobody_confirms_the_own_one_nor_one_they_recorded(given, missed, sam, dora, alice, friday):
    friday.move_to(after(2, 12))
    waiting = made_up(given, sam, missed, 1, member_id=alice.id)
    refused = given(reviews.approve, sam.actor, [waiting]).refused
    assert [one.error.code for one in refused] == ["own_record"]
    assert given(reviews.approve, dora.actor, [waiting]).done


def test_the_database_knows_no_make_up_without_an_attendance(given, missed, alice, bob):
    def lie(session):
        review = review_of(session, missed, alice)
        session.add(MakeUp(id=review.id, event_id=new_id(), member_id=bob.id, done_on=DAY, how=How.TOLD))
        session.flush()

    with pytest.raises(IntegrityError, match=r"fk_make_ups_attendance|FOREIGN KEY"):
        given(lie)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_says_it_in_two_taps_and_another_officer_confirms(
    client, given, missed, sam, dora, alice, friday, headers, status
):
    friday.move_to(after(22, 12))
    with_alice = ENGLISH | as_member(alice)
    today = page(client.get("/", headers=with_alice))
    assert "can be made up for until 2 Mar" in today.get_text()
    address = f"/meetings/{missed}/make-up"
    assert today.select_one(f"a[href='{address}']")
    assert page(client.get(f"/meetings/{missed}", headers=with_alice)).select_one(f"a[href='{address}']")
    form = page(client.get(address, headers=with_alice))
    name = form.select_one("input[name=id]")["value"]
    said = {"id": name, "done_on": "2026-02-20", "how": "materials"}
    early = client.post(address, data={**said, "done_on": "2026-01-30"}, headers=headers | with_alice)
    assert early.status_code == 409
    assert "between the day of the meeting and 22 Feb" in early.text
    for _ in range(2):
        assert client.post(address, data=said, headers=headers | with_alice).status_code == status
    assert "waiting for approval" in page(client.get(address, headers=with_alice)).get_text()
    queue = page(client.get("/approvals", headers=ENGLISH | as_member(dora))).get_text()
    assert "missed on 31 Jan, made up on 20 Feb: read the materials" in queue
    given(reviews.approve, dora.actor, [UUID(name)])
    assert "can be made up for" not in page(client.get("/", headers=with_alice)).get_text()
    paper = page(client.get("/meetings/make-ups?year=2026", headers=ENGLISH | as_member(sam)))
    assert [cell.get_text() for cell in paper.select("article tbody td")][1:] == [
        "艾莉", "党课", "31 Jan", "20 Feb", "read the materials", "窦兰",
    ]  # fmt: skip
    file = client.get("/meetings/make-ups.xlsx?year=2026", headers=as_member(sam))
    assert file.content[:2] == b"PK"


def test_an_officer_says_it_for_alice_and_strangers_find_nothing(
    client, given, missed, sam, dora, alice, bob, olga, friday
):
    friday.move_to(after(5, 12))
    shown = page(client.get(f"/meetings/{missed}", headers=ENGLISH | as_member(sam)))
    address = f"/meetings/{missed}/make-up?member={alice.id}"
    assert shown.select_one(f"a[href='{address}']")
    said = {"id": str(new_id()), "done_on": "2026-02-03", "how": "brought"}
    for stranger in (bob, olga):
        assert client.get(address, headers=as_member(stranger)).status_code == 404
        assert client.post(address, data=said, headers=as_member(stranger)).status_code == 404
    assert client.get("/meetings/make-ups", headers=as_member(bob)).status_code in (403, 404)
    assert client.post(address, data=said, headers=as_member(sam)).status_code == 303
    assert "送学" in page(client.get(address, headers=as_member(sam))).get_text()
    take_back = f"/meetings/make-ups/{said['id']}/withdraw"
    for who in (alice, sam):
        own = page(client.get(address, headers=as_member(who)))
        assert own.select_one(f"[action='{take_back}']")
    other = page(client.get(address, headers=as_member(dora)))
    assert not other.select_one(f"[action='{take_back}']")  # she confirms it, or gives it back
    assert client.post(f"/meetings/make-ups/{said['id']}/withdraw", headers=as_member(bob)).status_code == 404
    assert client.post(f"/meetings/make-ups/{said['id']}/withdraw", headers=as_member(alice)).status_code == 303
    assert given(lambda session: session.query(MakeUp).count()) == 1


def test_what_was_returned_stands_on_no_register(client, given, missed, sam, dora, alice, friday):
    friday.move_to(after(5, 12))
    first = made_up(given, alice, missed, 3)
    assert "补课" in (waits := client.get("/meetings/make-ups?year=2026", headers=as_member(sam)).text)
    assert alice.name in waits
    given(reviews.return_to_member, dora.actor, [first], reason="没有补")
    assert alice.name not in client.get("/meetings/make-ups?year=2026", headers=as_member(sam)).text


def test_people_are_reminded_once_it_is_near_the_end(given, missed, alice, friday):
    friday.move_to(after(15))
    assert given(DUE.due, datetime.now(UTC)) == []
    friday.move_to(after(21))
    assert [one.member_id for one in given(DUE.due, datetime.now(UTC))] == [alice.id]
