"""A slip opens an account: nobody prints one for who checks them, and it is asked again when it is used."""

from datetime import timedelta

import pytest

from app.core import clock
from app.features.members import queries
from app.features.members import service as members
from app.features.members.models import Member
from app.features.members.posts import service as posts
from app.features.members.rules import Role
from app.features.slips.models import Slip
from tests.features.members.makers import make_business_administrator
from tests.features.slips.test_activation import NEW, activate, kept_fits
from tests.features.slips.test_printing import CODE, listed, print_for
from tests.features.study.makers import make_study_record
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import ENGLISH, as_member, make_member
from tests.page import errors, page


@pytest.fixture
def nora(given, branch):
    return given(make_member, branch, "倪娜", roles=(Role.ORGANISATION,))


@pytest.mark.parametrize(
    ("officer", "holder"),
    [("sam", "dora"), ("dora", "sam"), ("nora", "sam"), ("nora", "dora"), ("sam", "nora")],
)
def test_no_officer_prints_for_another(client, request, database, officer, holder):
    one, other = request.getfixturevalue(officer), request.getfixturevalue(holder)
    page(print_for(client, one, other), 403)
    assert other.name not in listed(page(client.get("/slips", headers=as_member(one))))
    with database.read() as session:
        assert session.query(Slip).count() == 0


def test_nobody_prints_the_own(client, sam):
    page(print_for(client, sam, sam), 403)


def test_a_committee_officer_prints_for_the_branch_below(client, carl, sam, alice, branch):
    soup = page(client.get(f"/slips?branch={branch.id}", headers=as_member(carl)))
    assert {sam.name, alice.name} <= set(listed(soup))
    assert CODE.search(page(print_for(client, carl, sam)).get_text())


def test_who_stands_above_does_not_print_for_the_own_branch_s_officers(client, given, branch, committee, sam, alice):
    cora = given(make_member, branch, "柯娜", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    page(print_for(client, cora, sam), 403)
    assert print_for(client, cora, alice).status_code == 200


@pytest.mark.parametrize("role", [Role.COMMITTEE_OFFICER, Role.AUDIT_ADMINISTRATOR, Role.BUSINESS_ADMINISTRATOR])
def test_the_organ_s_accounts_are_opened_on_the_server(client, given, branch, other_branch, committee, role):
    bea = given(make_business_administrator, other_branch, committee)
    above = given(make_member, branch, "上级", roles=(role,), at=committee)
    page(print_for(client, bea, above), 403)


def test_the_person_is_told_on_the_page_of_today(client, sam, alice):
    print_for(client, sam, alice)
    told = page(client.get("/", headers=ENGLISH | as_member(alice))).select_one("[aria-labelledby=news-title]")
    assert "Activation slip issued" in told.get_text()
    assert sam.name in told.get_text()


def test_a_worker_of_a_community_is_told_too(client, given, other_branch, committee):
    bea = given(make_business_administrator, other_branch, committee)
    worker = given(make_collector, given(make_community))
    assert print_for(client, bea, worker).status_code == 200
    assert client.get("/", headers=as_member(worker)).headers["location"] == "/me"
    assert bea.name in page(client.get("/me", headers=as_member(worker))).get_text()


def code_for(client, officer, person):
    return CODE.search(page(print_for(client, officer, person)).get_text())[0]


def refused(client, database, code, person):
    answer = activate(client, code)
    assert "code" in errors(page(answer, 422))
    assert not kept_fits(database, person, NEW)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.DEPUTY, Role.PUBLICITY])
def test_a_post_ends_the_slips_of_before(client, database, given, sam, alice, committee, role):
    code = code_for(client, sam, alice)
    place = committee if role is Role.SYSTEM_ADMINISTRATOR else None
    given(
        posts.appoint_on_server,
        given(_member, alice),
        role,
        starts_on=clock.today(),
        ends=False,
        place_id=place.id if place else None,
    )
    refused(client, database, code, alice)


def _member(session, person):
    return session.get_one(Member, person.id)


def test_a_slip_ends_with_the_post_of_who_printed_it(client, database, given, dora, alice, carl, branch):
    code = code_for(client, dora, alice)
    with database.write() as session:
        [term] = queries.terms_of(session, dora.id)
        posts.end_post(session, carl.actor, member_id=dora.id, term_id=term.id)
    refused(client, database, code, alice)


def test_a_slip_ends_when_who_printed_it_leaves(client, database, given, branch, other_branch, committee, alice, carl):
    nora = given(make_member, branch, "倪娜", roles=(Role.ORGANISATION,))
    bea = given(make_business_administrator, other_branch, committee)
    code = code_for(client, nora, alice)
    given(members.record_departure, bea.actor, member_id=nora.id, left_on=clock.today())
    refused(client, database, code, alice)


def test_a_slip_ends_when_its_holder_moves_away(client, database, given, sam, alice, other_branch, committee):
    bea = given(make_business_administrator, other_branch, committee)
    code = code_for(client, sam, alice)
    given(members.move_member, bea.actor, member_id=alice.id, branch_id=other_branch.id)
    refused(client, database, code, alice)


def test_who_opened_an_account_is_noted_and_is_not_decided_for(client, database, given, sam, alice, carl):
    """Sam printed Alice's slip; then she becomes deputy. For ninety days she does not decide for him."""
    assert activate(client, code_for(client, sam, alice)).status_code == 303
    given(posts.give_post, carl.actor, member_id=alice.id, role=Role.DEPUTY, starts_on=clock.today())
    record = given(make_study_record, sam, received_at=clock.now())
    cookie = client.cookies  # the session that the slip opened
    form = {"decision": "approve", "ids": [str(record)], "acknowledged": "yes"}
    answer = client.post("/approvals/decide", data=form, headers=ENGLISH)
    assert cookie
    assert answer.status_code == 403
    assert "your slip printed" in answer.text
    with database.write() as session:
        session.get_one(Member, alice.id).opened_at = clock.now() - timedelta(days=90)
    assert client.post("/approvals/decide", data=form).status_code == 303
