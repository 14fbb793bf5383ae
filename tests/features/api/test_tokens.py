"""A token is asked for by one, confirmed by somebody who may see all that it reads, and shown once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.ids import new_id
from app.features.api import service
from app.features.api.models import ApiToken
from app.features.api.rules import Scope, TokenState, check_asked, state_of
from app.features.members.models import AuditEntry, Member, RoleTerm
from app.features.members.rules import AuditAction, OrganisationKind, Role
from app.features.sign_in.tokens import digest, new_token
from tests.features.api.makers import make_token, make_waiting
from tests.makers import HTMX, as_member, make_member
from tests.page import errors, fragment, page

PAGE = "/connections"
MEMBERS = "/api/v1/members"
both_ways = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


def asked(reach, *scopes, **changes):
    until = (clock.today() + timedelta(days=30)).isoformat()
    return {"id": str(new_id()), "name": "人事系统", "branch": reach.name, "scopes": scopes, "ends_on": until} | changes


def only(database):
    with database.read() as session:
        return session.scalars(select(ApiToken)).one()


def decide(client, who, token, second="confirm"):
    return client.post(f"{PAGE}/{token.id}/decide", data={"second": second}, headers=as_member(who))


def take(client, who, token, secret):
    return client.post(f"{PAGE}/{token.id}/take", data={"secret": secret}, headers=as_member(who))


@both_ways
def test_asked_for_confirmed_taken_once_used_and_ended(client, database, branch, sylvia, bea, headers):
    form = asked(branch, "members", "names")
    for _twice in range(2):
        answer = client.post(PAGE, data=form, headers=as_member(sylvia) | headers)
        assert answer.status_code == (200 if headers else 303)
    token = only(database)
    assert decide(client, bea, token).status_code == 303
    secret = f"slt_{new_token()}"
    shown = page(take(client, sylvia, token, secret))
    assert secret in shown.get_text()
    assert secret in take(client, sylvia, token, secret).text, "a reload shows it once more"
    assert take(client, sylvia, token, f"slt_{new_token()}").status_code == 409
    assert secret not in client.get(PAGE, headers=as_member(sylvia)).text
    assert only(database).token_digest == digest(secret)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get(MEMBERS, headers=bearer).status_code == 200
    assert client.post(f"{PAGE}/{token.id}/end", headers=as_member(sylvia)).status_code == 303
    assert client.get(MEMBERS, headers=bearer).status_code == 401
    with database.read() as session:
        noted = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == token.id))
        assert list(noted) == [
            AuditAction.TOKEN_ASKED,
            AuditAction.TOKEN_CONFIRMED,
            AuditAction.TOKEN_TAKEN,
            AuditAction.TOKEN_ENDED,
        ]


def test_who_asked_gains_nothing_by_confirming(client, given, database, branch, committee, bea):
    """Somebody who looks after the machine and is secretary as well asks; only others confirm."""
    both = given(make_member, branch, "双岗", roles=(Role.SECRETARY,))
    with database.write() as session:
        session.add(RoleTerm(member_id=both.id, organisation_id=committee.id, role=Role.SYSTEM_ADMINISTRATOR))
    client.post(PAGE, data=asked(branch, "facts"), headers=as_member(both))
    token = only(database)
    assert decide(client, both, token).status_code == 403
    assert decide(client, bea, token).status_code == 404, "the business administrator sees no facts of a branch"
    assert only(database).state is TokenState.WAITING


def test_nobody_whose_account_the_asker_made_confirms(client, given, database, branch, sylvia):
    made = given(make_member, branch, "新人", roles=(Role.DEPUTY,), added_by_id=sylvia.id)
    token = given(make_waiting, sylvia, branch, Scope.MEMBERS)
    with database.write() as session:
        session.get_one(Member, made.id).created_at = clock.now()
    assert decide(client, made, token).status_code == 403


@pytest.mark.parametrize(
    ("who", "scopes", "status"),
    [
        ("sam", ["facts", "duties"], 303),
        ("sam", ["members", "phones"], 303),
        ("bea", ["members", "phones"], 303),
        ("bea", ["duties"], 404),
        ("oscar", ["members"], 404),
        ("carl", ["members"], 403),
        ("alice", ["members"], 403),
        ("sylvia", ["members"], 403),
    ],
)
def test_who_confirms_is_who_sees_it_anyway(client, request, given, branch, sylvia, bea, who, scopes, status):
    token = given(make_waiting, sylvia, branch, *scopes)
    assert decide(client, request.getfixturevalue(who), token).status_code == status


def test_a_whole_committee_is_confirmed_by_who_keeps_everybody(client, given, committee, sylvia, sam, bea):
    token = given(make_waiting, sylvia, committee, Scope.MEMBERS)
    assert decide(client, sam, token).status_code == 404
    assert decide(client, bea, token).status_code == 303


def test_declined_it_opens_nothing(client, given, database, branch, sylvia, bea):
    token = given(make_waiting, sylvia, branch, Scope.MEMBERS)
    assert decide(client, bea, token, "decline").status_code == 303
    assert take(client, sylvia, token, f"slt_{new_token()}").status_code == 403
    assert decide(client, bea, token).status_code == 409


@both_ways
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["names"]}, "scopes"),
        ({"scopes": ["facts"], "branch": "市直机关党委"}, "scopes"),
        ({"branch": "没有这个支部"}, "branch"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"name": ""}, "name"),
    ],
)
def test_what_no_token_can_be_comes_back_as_typed(client, branch, sylvia, headers, changes, field):
    answer = client.post(PAGE, data=asked(branch, "members") | changes, headers=as_member(sylvia) | headers)
    soup = fragment(answer, 422) if headers else page(answer, 422)
    assert field in errors(soup)
    ticked = [box["value"] for box in soup.select("input[name=scopes][checked]")]
    assert ticked == changes.get("scopes", ["members"])


def test_it_ends_with_its_day_and_with_the_post_of_who_took_it(client, given, database, branch, sylvia, bea):
    over = given(make_token, sylvia, bea, branch, ends_on=clock.today() - timedelta(days=1))
    good = given(make_token, sylvia, bea, branch)
    assert client.get(MEMBERS, headers=over).status_code == 401
    assert client.get(MEMBERS, headers=good).status_code == 200
    with database.write() as session:
        [term] = session.query(RoleTerm).where(RoleTerm.member_id == sylvia.id)
        term.ends_on, term.ended_at = clock.today(), clock.now()
    assert client.get(MEMBERS, headers=good).status_code == 401


def test_everybody_sees_which_systems_read_the_own_branch(client, given, branch, other_branch, sylvia, bea, alice):
    given(make_token, sylvia, bea, branch, name="考勤系统")
    given(make_token, sylvia, bea, other_branch, name="外部系统")
    shown = page(client.get(PAGE, headers=as_member(alice))).get_text()
    assert "考勤系统" in shown
    assert "外部系统" not in shown
    assert "外部系统" in client.get(PAGE, headers=as_member(sylvia)).text


def test_officers_end_what_reads_their_branch_and_nothing_else(
    client, given, database, branch, committee, sylvia, bea, sam, oscar, alice
):
    given(make_token, sylvia, bea, branch)
    token = only(database)
    for who, status in ((alice, 403), (oscar, 404), (sam, 303), (sam, 303)):
        assert client.post(f"{PAGE}/{token.id}/end", headers=as_member(who)).status_code == status


def test_who_is_asked_finds_it_on_the_page_of_today(client, given, branch, sylvia, sam, oscar):
    given(make_waiting, sylvia, branch, Scope.FACTS)
    assert f'href="{PAGE}"' in client.get("/", headers=as_member(sam)).text
    assert f'href="{PAGE}"' not in client.get("/", headers=as_member(oscar)).text


def test_reading_is_noted_by_the_day(client, given, database, branch, sylvia, bea, alice):
    bearer = given(make_token, sylvia, bea, branch, Scope.MEMBERS)
    for _thrice in range(3):
        read = client.get(MEMBERS, headers=bearer).json()
    today = clock.today()
    assert only(database).last_used_on == today
    tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=12)
    assert [given(service.note_days, clock.now()), given(service.note_days, tomorrow)] == [0, 1]
    assert given(service.note_days, tomorrow) == 0
    with database.read() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.TOKEN_READ))
    said = {field: after for field, (_before, after) in entry.changes.items()}
    assert said == {"day": str(today), "scope": "members", "calls": "3", "lines": str(3 * len(read["items"]))}
    assert entry.actor_id is None


@pytest.mark.parametrize(
    "said",
    [
        {"stands": "confirmed", "decided_by_id": "sylvia", "decided_at": "now"},
        {"stands": "waiting", "token_digest": "a" * 64},
        {"stands": "confirmed"},
        {"last_used_on": date(2026, 1, 1)},
    ],
)
def test_the_database_refuses_what_one_person_alone_would_write(database, branch, sylvia, said):
    said = {name: {"sylvia": sylvia.id, "now": clock.now()}.get(value, value) for name, value in said.items()}
    known = {"name": "x", "scopes": [], "reach_id": branch.id, "entered_by_id": sylvia.id, "ends_on": clock.today()}
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(ApiToken(**known | said))


DAY = date(2026, 3, 9)


def test_the_rules_by_themselves():
    check_asked([Scope.FACTS], OrganisationKind.BRANCH, DAY, DAY)
    check_asked([Scope.MEMBERS, Scope.PHONES], OrganisationKind.COMMITTEE, DAY + timedelta(days=366), DAY)
    over = {"is_taken": True, "is_ended": False, "ends_on": DAY, "today": DAY + timedelta(days=1)}
    assert state_of("confirmed", **over) is TokenState.OVER
    assert state_of("confirmed", **over | {"today": DAY}) is TokenState.IN_USE
