"""Talks are noted by who with whom and when; the two read theirs, everybody else reads how many there were."""

import json
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import IntegrityError

from app.features.meetings.asked.queries import standing
from app.features.meetings.calendar.rules import Category, covered, talks
from app.features.meetings.talks import own, service
from app.features.meetings.talks.models import Talk
from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import AFTERWARDS, FRIDAY
from tests.features.meetings.gatherings.test_asked import found_in
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page
from tests.races import race


def stored(database):
    with database.read() as session:
        return session.query(Talk).all()


def test_noting_a_talk_needs_two_people_and_a_day_and_has_no_place_for_what_was_said():
    assert {column.name for column in Talk.__table__.columns} == {
        *("id", "branch_id", "talker_id", "partner_id", "held_on", "category"),
        *("recorded_by_id", "recorded_at", "refuted_by_id", "refuted_at"),
    }


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_talk_is_noted_once_whoever_notes_it_and_the_two_alone_read_it(
    client, database, headers, status, alice, bob, sam, olga
):
    for who, other in ((alice, bob), (alice, bob), (bob, alice)):
        said = {"partner_id": str(other.id), "day": "2026-11-05"}
        assert client.post("/talks", data=said, headers=headers | as_member(who)).status_code == status
    (talk,) = stored(database)
    assert (talk.talker_id, talk.partner_id, talk.category) == (alice.id, bob.id, Category.MEMBERS)
    for who, name in ((alice, bob.name), (bob, alice.name)):
        rows = page(client.get("/talks", headers=ENGLISH | as_member(who))).select("#talks ul .row b")
        assert [row.get_text() for row in rows] == [name]
    for who in (sam, olga):
        assert not page(client.get("/talks", headers=ENGLISH | as_member(who))).select("#talks ul .row")
        assert client.post(f"/talks/{talk.id}/not-so", headers=as_member(who)).status_code == 404
        shown = page(client.get("/talks/register", headers=ENGLISH | as_member(who))).get_text()
        assert alice.name not in shown


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_the_other_says_that_it_was_not_so_and_only_who_said_it_takes_it_back(
    client, database, given, headers, status, alice, bob, sam
):
    talk_id = given(service.note_talk, sam.actor, talker_id=alice.id, partner_id=bob.id, day=FRIDAY)
    for _ in range(2):  # twice is once
        answer = client.post(f"/talks/{talk_id}/not-so", headers=headers | as_member(bob))
        assert answer.status_code == status
    assert stored(database)[0].refuted_by_id == bob.id
    assert client.post(f"/talks/{talk_id}/so", headers=headers | as_member(alice)).status_code == 409
    said = {"partner_id": str(bob.id), "day": "2026-11-06"}
    answer = client.post("/talks", data=said, headers=headers | ENGLISH | as_member(alice))
    assert answer.status_code == 409  # nobody notes it again over that word
    assert bob.name in answer.text
    officer = said | {"talker_id": str(alice.id)}
    assert client.post("/talks", data=officer, headers=headers | as_member(sam)).status_code == 409
    assert stored(database)[0].refuted_by_id == bob.id
    assert client.post(f"/talks/{talk_id}/so", headers=headers | as_member(bob)).status_code == status
    assert stored(database)[0].refuted_at is None


def test_only_who_made_it_count_is_offered_to_take_that_back(client, database, alice, bob, sam):
    def note(who, **more):
        said = {"partner_id": str(bob.id), "talker_id": str(alice.id), "day": "2026-11-06", **more}
        answer = client.post("/talks", data=said, headers=HTMX | as_member(who))
        return json.loads(answer.headers["HX-Trigger"])["sanliang:message"].get("undo")

    assert note(bob)
    for again in (alice, bob, sam):
        assert not note(again)  # it was noted before them, and would go with their undo
    client.post(f"/talks/{stored(database)[0].id}/not-so", headers=as_member(bob))
    assert note(bob)


def test_two_people_who_note_one_talk_at_one_moment_note_it_once(database, alice, bob, sam):
    def note(number):
        who, other = ((alice, bob), (bob, alice), (sam, bob))[number]
        with database.write() as session:
            named = {"talker_id": alice.id} if who is sam else {}
            return service.note_talk(session, who.actor, partner_id=other.id, day=FRIDAY, **named)

    assert len(list(filter(None, race(3, note)))) == 1  # one of them made it count
    assert len(stored(database)) == 1


REFUSED = [
    ("alice", "alice", "2026-11-05", "partner_id", "between two"),
    ("alice", "bob", "2026-11-07", "day", "still to come"),
    ("alice", "bob", "2024-12-31", "day", "1 Jan 2025"),
    ("alice", "olga", "2026-11-05", "partner_id", "from this branch"),
]


def test_what_cannot_have_been_is_refused_at_its_field(client, database, request):
    for who, other, day, field, words in REFUSED:
        one, two = (request.getfixturevalue(name) for name in (who, other))
        for headers, read in (({}, page), (HTMX, fragment)):
            said = {"partner_id": str(two.id), "day": day}
            answer = client.post("/talks", data=said, headers=headers | ENGLISH | as_member(one))
            assert words in errors(read(answer, 409))[field]
    assert stored(database) == []


def test_members_note_no_talks_of_others_officers_do(client, database, alice, bob, dora, sam):
    said = {"talker_id": str(bob.id), "partner_id": str(dora.id), "day": "2026-11-05"}
    assert client.post("/talks", data=said, headers=as_member(alice)).status_code == 404
    assert client.post("/talks", data=said, headers=as_member(sam)).status_code == 303
    assert [(row.talker_id, row.partner_id) for row in stored(database)] == [(bob.id, dora.id)]


@pytest.mark.usefixtures("english")
def test_three_lines_join_the_calendar_and_name_nobody(client, given, branch, sam, alice, bob, dora):
    with_post = given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    given(found_in, branch, 1)

    def lines(session):
        asked = standing(session, branch.id, 2026, FRIDAY).asked
        return {one.kind: one.words for one in asked if isinstance(one.kind, Category)}

    seats = {sam.id, with_post.id} | {one.id for one in (alice, bob, dora) if one.actor.roles}
    others = 5 - len(seats)
    talked = [(sam, with_post), (with_post, alice), (alice, bob)]
    for one, other in talked:
        given(service.note_talk, one.actor, partner_id=other.id, day=FRIDAY)
    found = given(lines)
    pairs = talks(len(seats), others).committee_pairs
    assert found == {
        Category.COMMITTEE: f"1 of {pairs}",
        Category.WITH_COMMITTEE: f"1 of {others}",
        Category.MEMBERS: f"2 of {others}",
    }
    shown = page(client.get("/meetings/calendar", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert f"Talks between members 2 of {others}" in shown
    assert alice.name not in shown
    last_year = given(lambda session: standing(session, branch.id, 2025, FRIDAY).asked)
    assert last_year == []  # a new branch is asked from its next full year on


def test_fifteen_members_need_eight_talks_among_themselves_and_thirty_three_are_enough():
    """Source: domain, meetings §13."""
    seats, people = [f"c{n}" for n in range(5)], [f"m{n}" for n in range(15)]
    done = [(one, other) for one in seats for other in seats if one < other]
    done += [(seats[0], one) for one in people]
    done += [*zip(people[::2], people[1::2], strict=False), (people[14], people[0])]
    assert len(done) == talks(5, 15).enough == 33
    full = {Category.COMMITTEE: (10, 10), Category.WITH_COMMITTEE: (15, 15), Category.MEMBERS: (15, 15)}
    assert covered(seats, people, done) == full
    assert covered(seats, people, done[:-1])[Category.MEMBERS] == (14, 15)
    assert covered(seats, people, done + done)[Category.COMMITTEE] == (10, 10)  # not every pair, and none twice


def test_who_did_not_note_it_is_told_once_and_takes_it_along(client, given, alice, bob, sam):
    talk_id = given(service.note_talk, alice.actor, partner_id=bob.id, day=FRIDAY)
    (told,) = given(lambda session: own.TALK_NEWS.due(session, AFTERWARDS))
    assert (told.member_id, told.subject_id, told.once) == (bob.id, talk_id, True)
    rows = client.get("/me/export.json", headers=ENGLISH | as_member(bob)).json()
    assert alice.name in str(rows["talks"])
    assert alice.name not in str(client.get("/me/export.json", headers=as_member(sam)).json()["talks"])
    given(service.say_not_so, bob.actor, talk_id=talk_id)
    assert given(lambda session: own.TALK_NEWS.due(session, AFTERWARDS)) == []


def test_the_register_is_on_paper_and_in_a_file_without_what_was_said(client, given, alice, bob):
    given(service.note_talk, alice.actor, partner_id=bob.id, day=FRIDAY)
    headers = ENGLISH | as_member(alice)
    cells = [cell.get_text() for cell in page(client.get("/talks/register", headers=headers)).select("td")]
    assert cells == ["1", "2026-11-06", alice.name, bob.name, "Talks between members"]
    book = load_workbook(BytesIO(client.get("/talks/register.xlsx?year=2026", headers=headers).content))
    assert [str(cell.value) for cell in book.active[2]] == cells
    assert [cell.value for cell in book.active[1]] == ["Number", "Day", "Who talked", "With whom", "Kind"]


def test_the_database_refuses(database, alice, bob, olga):
    said = {"branch_id": alice.branch_id, "talker_id": alice.id, "partner_id": bob.id, "held_on": FRIDAY}
    said |= {"category": Category.MEMBERS, "recorded_by_id": alice.id}
    now = datetime.now(tz=AFTERWARDS.tzinfo)
    for name, changed in (
        ("between_two", {"partner_id": alice.id}),
        ("refuted_by_somebody", {"refuted_by_id": bob.id}),
        ("refuted_by_one_of_them", {"refuted_by_id": olga.id, "refuted_at": now}),
    ):
        with pytest.raises(IntegrityError, match=name), database.write() as session:
            session.add(Talk(id=service.talk_id(alice.id, bob.id, FRIDAY), **said | changed))
