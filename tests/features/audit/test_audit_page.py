"""The audit log is read by the audit administrator, and by nobody else."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app.core import clock
from app.features.audit import seals, verification
from app.features.audit.queries import PAGE
from app.features.audit.rules import in_words
from app.features.members.models import AuditEntry
from app.features.members.posts import service as posts
from app.features.members.rules import AuditAction, Role
from app.features.reviews.kinds import labels
from app.features.sign_in.models import SignInSession
from tests.features.audit.rewriting import without_triggers
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page


@pytest.fixture
def aud(given, branch, committee):
    return given(make_member, branch, "敖迪", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)


def note(session, subject, at=None, action=AuditAction.MEMBER_CHANGED, actor=None, place=None, **changes):
    session.add(
        AuditEntry(
            at=at or clock.now(),
            actor_id=actor.id if actor else None,
            action=action,
            subject_id=subject.id,
            subject=subject.name,
            place_id=place,
            changes=changes,
        )
    )


def found(client, aud, **wanted):
    return titles(page(client.get("/audit", params=wanted, headers=ENGLISH | as_member(aud))))


def titles(soup):
    return [element.get_text(strip=True) for element in soup.select("#entry-list b.t")]


def test_what_sam_does_can_be_read(client, given, aud, sam, alice):
    given(posts.give_post, sam.actor, member_id=alice.id, role=Role.PUBLICITY, starts_on=clock.today())
    soup = page(client.get("/audit", headers=ENGLISH | as_member(aud)))
    assert titles(soup) == [f"Post given · {alice.name}"]
    text = soup.select_one("#entry-list").get_text(" ", strip=True)
    assert sam.name in text
    assert "Publicity commissioner" in text


@pytest.mark.parametrize("address", ["/audit", "/audit/export.xlsx"])
@pytest.mark.parametrize("who", ["alice", "sam", "carl", "olga"])
def test_nobody_else_reads_it(client, request, who, address):
    page(client.get(address, headers=as_member(request.getfixturevalue(who))), status=403)


def test_the_other_administrators_and_collectors_see_nothing(client, given, branch, committee):
    cora = given(make_collector, given(make_community, branch))
    others = [
        given(make_member, branch, name, roles=(role,), at=committee)
        for name, role in (("系统", Role.SYSTEM_ADMINISTRATOR), ("业务", Role.BUSINESS_ADMINISTRATOR))
    ]
    for person in (cora, *others):
        assert client.get("/audit", headers=as_member(person)).status_code in (403, 404)
        assert client.get("/audit/export.xlsx", headers=as_member(person)).status_code in (403, 404)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_day_and_an_action_are_looked_for(client, given, aud, alice, bob, headers):
    that_night = datetime(2026, 3, 8, 16, 30, tzinfo=UTC)  # 9 March in Shanghai
    given(note, alice, that_night)
    given(note, bob, that_night - timedelta(hours=1))
    given(note, bob, that_night, AuditAction.MEMBER_LEFT)
    wanted = {"day": "2026-03-09", "action": "member_changed"}
    response = client.get("/audit", params=wanted, headers=ENGLISH | headers | as_member(aud))
    assert titles((fragment if headers else page)(response)) == [f"Member's data changed · {alice.name}"]


@pytest.mark.parametrize("day", ["gestern", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_said_at_the_field(client, aud, day):
    soup = page(client.get(f"/audit?day={day}", headers=as_member(aud)), status=422)
    assert "day" in errors(soup)


def test_older_ones_are_on_the_next_page(client, given, aud, alice):
    for _ in range(PAGE + 2):
        given(note, alice)
    first = page(client.get("/audit", headers=as_member(aud)))
    assert len(titles(first)) == PAGE
    older = first.select_one("#entry-list a.btn")["href"]
    assert len(titles(page(client.get(older, headers=as_member(aud))))) == 2


def test_a_command_on_the_server_has_no_name(client, given, aud, alice):
    given(note, alice, post=["科员", None])
    text = page(client.get("/audit", headers=ENGLISH | as_member(aud))).get_text(" ", strip=True)
    assert "a command on the server" in text
    assert "(empty)" in text


def test_a_kind_of_record_is_named_as_its_stream_names_it():
    [change] = in_words({"record_kind": [None, "study.record"]}, labels())
    assert (str(change.field), str(change.after)) == ("记录类型", "学习")
    assert [change.after for change in in_words({"record_kind": [None, "no.more"]}, labels())] == ["no.more"]


def test_changes_are_said_in_words():
    changes = {"role": [None, "deputy"], "kind": ["illness", "group"], "shoe": ["41", "42"], "name": ["full", "x"]}
    said = [(str(field), str(before), str(after)) for field, before, after in in_words(changes, {})]
    assert said[2:] == [("shoe", "41", "42"), (said[3][0], "full", "x")]
    assert "deputy" not in said[0]


def test_a_person_is_looked_for_as_who_did_it_and_as_whom_it_was_about(client, given, aud, alice, bob, sam, olga):
    given(note, alice, actor=sam)
    given(note, bob, actor=alice)
    given(note, olga, actor=olga)
    assert found(client, aud, person="艾") == [f"Member's data changed · {name}" for name in (bob.name, alice.name)]
    assert found(client, aud, person="%") == []
    assert len(found(client, aud, person="")) == 3


def test_a_branch_is_looked_for_by_a_part_of_its_name(client, given, aud, alice, olga):
    for person in (alice, olga):
        given(note, person, place=person.branch_id)
    given(note, alice)
    assert found(client, aud, branch="第二") == [f"Member's data changed · {olga.name}"]
    assert found(client, aud, branch="第九") == []
    assert "第二党支部" in page(client.get("/audit?branch=第二", headers=as_member(aud))).get_text()


def test_days_from_and_until(client, given, aud, alice):
    for day in (8, 9, 10, 11):
        given(note, alice, datetime(2026, 3, day, 4, tzinfo=UTC))
    assert len(found(client, aud, day="2026-03-09", until="2026-03-10")) == 2
    assert len(found(client, aud, day="2026-03-10")) == 1
    assert len(found(client, aud, until="2026-03-10")) == 3


def test_what_is_looked_for_stays_on_the_next_page(client, given, aud, alice, bob):
    for _ in range(PAGE + 1):
        given(note, alice)
        given(note, bob)
    first = page(client.get("/audit?person=艾&action=member_changed", headers=ENGLISH | as_member(aud)))
    older = next(link["href"] for link in first.select("#entry-list a.btn") if "before" in link["href"])
    second = page(client.get(older, headers=ENGLISH | as_member(aud)))
    assert titles(second) == [f"Member's data changed · {alice.name}"]


def test_it_leaves_as_a_file_that_is_noted(client, database, given, aud, alice, bob, sam):
    given(note, alice, actor=sam, post=["科员", "=1+1"])
    given(note, bob, actor=sam)
    answer = client.get("/audit/export.xlsx?person=艾", headers=ENGLISH | as_member(aud))
    assert answer.status_code == 200
    headings, row = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active]
    assert headings[1:4] == ["By", "What was done", "About"]
    assert row[1:4] == [sam.name, "Member's data changed", alice.name]
    assert "=1+1" in row[5]
    with database.read() as session:
        taken = session.query(AuditEntry).where(AuditEntry.action == AuditAction.FILE_TAKEN).one()
    assert (taken.actor_id, taken.subject.endswith(".xlsx")) == (aud.id, True)


def test_a_file_wants_the_password_typed_lately(client, database, aud):
    with database.write() as session:
        session.execute(update(SignInSession).where(SignInSession.id == aud.actor.session_id).values(confirmed_at=None))
    answer = client.get("/audit/export.xlsx", headers=as_member(aud))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/confirm")


def test_days_that_are_none_give_no_file(client, aud):
    page(client.get("/audit/export.xlsx?day=gestern", headers=as_member(aud)), status=422)


def message(client, aud):
    return page(client.get("/audit", headers=ENGLISH | as_member(aud))).select_one("main .message").get_text(strip=True)


def test_the_last_verification_is_on_top(client, database, aud, alice, given):
    assert message(client, aud).startswith("Nothing was verified yet")
    given(note, alice)
    seals.seal_all(database)
    verification.verify_daily(database, clock.now())
    assert "all is as it was written (0 branches, 0 rows of the ledger, 1 entries of this log)" in message(client, aud)
    without_triggers(database, "DELETE FROM audit_entries WHERE seq = 1")
    verification.verify_daily(database, clock.now() + timedelta(days=2))
    assert "not all is as it was written" in message(client, aud)
