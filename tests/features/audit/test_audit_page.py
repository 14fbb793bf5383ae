"""The audit log is read by the audit administrator, and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.features.audit.queries import PAGE
from app.features.audit.rules import in_words
from app.features.members.models import AuditEntry
from app.features.members.posts import service as posts
from app.features.members.rules import AuditAction, Role
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page


@pytest.fixture
def aud(given, branch, committee):
    return given(make_member, branch, "敖迪", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)


def note(session, subject, at=None, action=AuditAction.MEMBER_CHANGED, actor=None, **changes):
    session.add(
        AuditEntry(
            at=at or clock.now(),
            actor_id=actor.id if actor else None,
            action=action,
            subject_id=subject.id,
            subject=subject.name,
            changes=changes,
        )
    )


def titles(soup):
    return [element.get_text(strip=True) for element in soup.select("#entry-list .title")]


def test_what_sam_does_can_be_read(client, given, aud, sam, alice):
    given(posts.give_post, sam.actor, member_id=alice.id, role=Role.PUBLICITY, starts_on=clock.today())
    soup = page(client.get("/audit", headers=ENGLISH | as_member(aud)))
    assert titles(soup) == [f"Post given · {alice.name}"]
    text = soup.select_one("#entry-list").get_text(" ", strip=True)
    assert sam.name in text
    assert "Publicity commissioner" in text


@pytest.mark.parametrize("who", ["alice", "sam", "carl", "olga"])
def test_nobody_else_reads_it(client, request, who):
    page(client.get("/audit", headers=as_member(request.getfixturevalue(who))), status=403)


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
    older = first.select_one("#entry-list a.button")["href"]
    assert len(titles(page(client.get(older, headers=as_member(aud))))) == 2


def test_a_command_on_the_server_has_no_name(client, given, aud, alice):
    given(note, alice, post=["科员", None])
    text = page(client.get("/audit", headers=ENGLISH | as_member(aud))).get_text(" ", strip=True)
    assert "a command on the server" in text
    assert "(empty)" in text


def test_changes_are_said_in_words():
    changes = {"role": [None, "deputy"], "kind": ["illness", "group"], "shoe": ["41", "42"], "name": ["full", "x"]}
    said = [(str(field), str(before), str(after)) for field, before, after in in_words(changes)]
    assert said[2:] == [("shoe", "41", "42"), (said[3][0], "full", "x")]
    assert "deputy" not in said[0]
