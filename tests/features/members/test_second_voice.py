"""Posts that decide are given and ended by two, or from above; a branch of four works, and one of fifty."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members import powers, queries
from app.features.members.errors import (
    AlreadyProposedError,
    FromAboveError,
    HigherPostError,
    NotFullMemberError,
    NotSecondError,
    OrganPostError,
    ProposalOverError,
)
from app.features.members.exemptions import service as exemptions
from app.features.members.models import Member, RoleTerm
from app.features.members.posts import proposals
from app.features.members.posts import service as posts
from app.features.members.posts.models import PostProposal
from app.features.members.rules import ExemptionKind, MemberStatus, ProposalState, Role
from app.features.members.standing import PROPOSAL_LASTS, VOUCHED_AFTER
from tests.features.members.makers import audit_rows, make_business_administrator
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import fragment, page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


def today():
    return clock.today()


def roles_of(session, person):
    return queries.posts_in(session, person.branch_id).get(person.id, [])


def propose(session, officer, person, role=Role.DEPUTY):
    return posts.give_post(session, officer.actor, member_id=person.id, role=role, starts_on=today())


@pytest.fixture
def bea(session, other_branch, committee):
    return make_business_administrator(session, other_branch, committee)


@pytest.fixture
def nora(session, branch):
    """A second commissioner: with her, branch one has three who decide."""
    return make_member(session, branch, "倪娜", roles=(Role.ORGANISATION,))


def test_sam_alone_makes_no_deputy(session, sam, alice):
    proposal = propose(session, sam, alice)
    assert isinstance(proposal, PostProposal)
    assert roles_of(session, alice) == []
    assert [action for action, *_ in audit_rows(session)] == ["post_proposed"]


def test_dora_confirms_and_then_it_is_in_force(session, sam, dora, alice):
    proposals.confirm(session, dora.actor, proposal_id=propose(session, sam, alice).id)
    assert roles_of(session, alice) == [Role.DEPUTY]
    [said] = [changes for action, _name, changes in audit_rows(session) if action == "post_given"]
    assert said["proposed_by"] == [None, sam.name]


def test_the_level_above_confirms_as_well(session, sam, carl, alice):
    proposals.confirm(session, carl.actor, proposal_id=propose(session, sam, alice).id)
    assert roles_of(session, alice) == [Role.DEPUTY]


def test_the_level_above_needs_nobody(session, carl, alice):
    assert isinstance(propose(session, carl, alice), RoleTerm)
    assert roles_of(session, alice) == [Role.DEPUTY]


def test_who_stands_above_is_one_of_two_in_the_own_branch(session, committee, branch, sam, alice):
    cora = make_member(session, branch, "柯娜", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    proposal = propose(session, cora, alice)
    assert roles_of(session, alice) == []
    with pytest.raises(NotSecondError):
        proposals.confirm(session, cora.actor, proposal_id=proposal.id)
    proposals.confirm(session, sam.actor, proposal_id=proposal.id)
    assert roles_of(session, alice) == [Role.DEPUTY]


def test_nobody_confirms_the_own_proposal_or_the_own_post(session, sam, dora, nora):
    proposal = propose(session, sam, dora, Role.ORGANISATION)
    for person in (sam, dora):
        with pytest.raises(NotSecondError):
            proposals.confirm(session, person.actor, proposal_id=proposal.id)
    proposals.confirm(session, nora.actor, proposal_id=proposal.id)


@pytest.mark.parametrize("who", ["alice", "olga", "oscar"])
def test_others_find_no_proposal(session, request, who, sam, bob):
    person = request.getfixturevalue(who)
    proposal = propose(session, sam, bob)
    for say in (proposals.confirm, proposals.decline):
        with pytest.raises(NotFoundError):
            say(session, person.actor, proposal_id=proposal.id)
    assert proposals.waiting(session, person.actor) == []


def test_a_proposal_waits_once_and_twice_is_once(session, sam, dora, alice):
    proposal = propose(session, sam, alice)
    with pytest.raises(AlreadyProposedError):
        propose(session, dora, alice)
    proposals.confirm(session, dora.actor, proposal_id=proposal.id)
    with pytest.raises(ProposalOverError):
        proposals.confirm(session, dora.actor, proposal_id=proposal.id)
    assert roles_of(session, alice) == [Role.DEPUTY]


def test_who_proposed_is_asked_again(session, sam, dora, carl, alice):
    proposal = propose(session, dora, alice)
    [term] = queries.terms_of(session, dora.id)
    posts.end_post(session, carl.actor, member_id=dora.id, term_id=term.id)
    with pytest.raises(ProposalOverError):
        proposals.confirm(session, sam.actor, proposal_id=proposal.id)
    assert roles_of(session, alice) == []


def test_it_lapses(session, sam, dora, alice):
    proposal = propose(session, sam, alice)
    proposal.proposed_at = clock.now() - PROPOSAL_LASTS - timedelta(seconds=1)
    session.flush()
    with pytest.raises(ProposalOverError):
        proposals.confirm(session, dora.actor, proposal_id=proposal.id)
    assert isinstance(propose(session, sam, alice), PostProposal)
    session.refresh(proposal)
    assert proposal.state is ProposalState.LAPSED


def test_it_is_declined_or_taken_back(session, sam, dora, alice):
    assert proposals.decline(session, dora.actor, proposal_id=propose(session, sam, alice).id).state == "declined"
    assert proposals.decline(session, sam.actor, proposal_id=propose(session, sam, alice).id).state == "withdrawn"
    assert roles_of(session, alice) == []


def test_an_account_that_sam_made_is_no_second_person(session, sam, dora, alice):
    account = session.get_one(Member, dora.id)
    account.opened_by_id, account.opened_at = sam.id, clock.now()
    session.flush()
    proposal = propose(session, sam, alice)
    with pytest.raises(NotSecondError):
        proposals.confirm(session, dora.actor, proposal_id=proposal.id)
    account.opened_at = clock.now() - VOUCHED_AFTER
    session.flush()
    proposals.confirm(session, dora.actor, proposal_id=proposal.id)


def test_a_member_added_by_sam_is_bound_until_somebody_else_vouches(session, sam, alice, carl):
    made = session.get_one(Member, alice.id)
    made.added_by_id, made.created_at = sam.id, clock.now()
    session.flush()
    assert powers.are_bound(session, alice.id, sam.id)
    made.opened_by_id, made.opened_at = carl.id, clock.now()
    session.flush()
    assert not powers.are_bound(session, alice.id, sam.id)
    assert powers.are_bound(session, carl.id, alice.id)


def test_who_came_in_by_a_bound_hand_is_bound_as_well(session, sam, alice, bob, carl):
    made, next_one = session.get_one(Member, alice.id), session.get_one(Member, bob.id)
    made.added_by_id, made.created_at = sam.id, clock.now()
    next_one.opened_by_id, next_one.opened_at = alice.id, clock.now()
    session.flush()
    assert powers.are_bound(session, sam.id, bob.id)
    made.opened_by_id, made.opened_at = bob.id, clock.now()  # the two vouch for each other: no end, no way out
    session.flush()
    assert powers.are_bound(session, alice.id, bob.id)
    made.opened_by_id, made.opened_at = carl.id, clock.now() - VOUCHED_AFTER
    session.flush()
    assert not powers.are_bound(session, sam.id, bob.id)
    assert powers.are_bound(session, alice.id, bob.id)


@pytest.mark.parametrize("officer", ["dora", "nora"])
def test_a_secretary_begins_and_ends_from_above(session, request, officer, sam, alice, carl, nora):
    person = request.getfixturevalue(officer)
    [term] = queries.terms_of(session, sam.id)
    with pytest.raises(FromAboveError):
        posts.end_post(session, person.actor, member_id=sam.id, term_id=term.id, ends_on=today())
    posts.end_post(session, carl.actor, member_id=sam.id, term_id=term.id)
    with pytest.raises(FromAboveError):
        propose(session, person, alice, Role.SECRETARY)
    propose(session, carl, alice, Role.SECRETARY)
    assert roles_of(session, alice) == [Role.SECRETARY]


def test_a_post_ends_at_once_and_on_a_true_day(session, carl, dora):
    [term] = queries.terms_of(session, dora.id)
    posts.end_post(session, carl.actor, member_id=dora.id, term_id=term.id)
    assert roles_of(session, dora) == []
    [row] = queries.terms_of(session, dora.id)
    assert row.ends_on == today()
    assert queries.posts_in(session, dora.branch_id, today() - timedelta(days=1))[dora.id] == [Role.DEPUTY]


def test_administrators_want_two(session, bea, alice, bob, committee, other_branch):
    auditor = make_member(session, other_branch, "申纪", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)
    proposal = propose(session, bea, alice, Role.SYSTEM_ADMINISTRATOR)
    assert isinstance(proposal, PostProposal)
    proposals.confirm(session, auditor.actor, proposal_id=proposal.id)
    assert Role.SYSTEM_ADMINISTRATOR in roles_of(session, alice)
    [term] = queries.terms_of(session, auditor.id)
    ending = posts.end_post(session, bea.actor, member_id=auditor.id, term_id=term.id)
    assert roles_of(session, auditor) == [Role.AUDIT_ADMINISTRATOR]
    with pytest.raises(NotSecondError):
        proposals.confirm(session, auditor.actor, proposal_id=ending.id)


def test_a_committee_officer_makes_none(session, carl, alice):
    for role in (Role.COMMITTEE_OFFICER, Role.SYSTEM_ADMINISTRATOR):
        with pytest.raises(OrganPostError):
            propose(session, carl, alice, role)


def test_the_supervising_member_is_a_full_one(session, carl, branch, bob):
    young = make_member(session, branch, "年轻", status=MemberStatus.PROBATIONARY)
    with pytest.raises(NotFullMemberError):
        propose(session, carl, young, Role.SUPERVISOR)
    propose(session, carl, bob, Role.SUPERVISOR)
    assert roles_of(session, bob) == [Role.SUPERVISOR]


@pytest.mark.parametrize("officer", ["sam", "dora"])
def test_nobody_exempts_who_decides_beside_them(session, request, officer, sam, dora, carl):
    one, other = (sam, dora) if officer == "sam" else (dora, sam)
    asked = {"member_id": other.id, "kind": ExemptionKind.ILLNESS, "starts_on": today()}
    with pytest.raises(HigherPostError):
        exemptions.exempt_member(session, one.actor, **asked)
    exemptions.exempt_member(session, carl.actor, **asked)


@BOTH
def test_sam_proposes_and_dora_confirms_on_the_pages(client, database, sam, dora, alice, branch, headers):
    form = {"role": "organisation", "starts_on": today().isoformat()}
    said = client.post(f"/members/{alice.id}/posts", data=form, headers=headers | ENGLISH | as_member(sam))
    assert said.status_code == (200 if headers else 303)
    own = page(client.get("/appointments", headers=ENGLISH | as_member(sam)))
    assert "Proposed by you" in own.get_text()
    assert not own.select("form[action$=confirm]")
    told = page(client.get("/", headers=ENGLISH | as_member(dora)))
    assert told.select_one("main a[href='/appointments']")
    soup = page(client.get("/appointments", headers=ENGLISH | as_member(dora)))
    [form] = soup.select("form[action$=confirm]")
    answer = client.post(form["action"], headers=headers | ENGLISH | as_member(dora))
    if headers:
        assert "Nothing waits for your word" in fragment(answer).get_text()
    else:
        assert answer.status_code == 303
    with database.read() as session:
        assert queries.posts_in(session, branch.id)[alice.id] == [Role.ORGANISATION]
    news = page(client.get("/", headers=ENGLISH | as_member(alice)))
    assert "Organisation commissioner" in news.select_one("[aria-labelledby=news-title]").get_text()
    twice = client.post(form["action"], headers=headers | ENGLISH | as_member(dora))
    assert twice.status_code == 409
    assert "no longer waits" in twice.text


def test_the_notice_stays_until_it_is_read(client, given, carl, alice):
    given(posts.give_post, carl.actor, member_id=alice.id, role=Role.PUBLICITY, starts_on=today())
    for _ in range(2):
        soup = page(client.get("/", headers=ENGLISH | as_member(alice)))
        assert carl.name in soup.select_one("[aria-labelledby=news-title]").get_text()
    until = soup.select_one("form[action='/me/news/read'] input[name=until]")["value"]
    client.post("/me/news/read", data={"until": until}, headers=as_member(alice))
    assert not page(client.get("/", headers=as_member(alice))).select("[aria-labelledby=news-title]")
    given(posts.give_post, carl.actor, member_id=alice.id, role=Role.DISCIPLINE, starts_on=today())
    assert page(client.get("/", headers=as_member(alice))).select("[aria-labelledby=news-title]")


def test_the_own_phone_is_changed_by_oneself_and_told(client, database, alice, bob):
    page(client.get("/me/phone", headers=as_member(alice)))
    taken = client.post("/me/phone", data={"phone": bob.phone}, headers=ENGLISH | as_member(alice))
    page(taken, status=409)
    assert client.post("/me/phone", data={"phone": "13812345678"}, headers=as_member(alice)).status_code == 303
    with database.read() as session:
        assert queries.member_card(session, alice.id).phone == "13812345678"
    assert "138****5678" in page(client.get("/", headers=as_member(alice))).get_text()
