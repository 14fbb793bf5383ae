"""First come, first served: alone, as a team, shared; and giving back without blame."""

import pytest

from app.core.errors import NotFoundError
from app.features.wishes import queries as wishes
from app.features.wishes.carrying import claims as service
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying.errors import (
    AlreadyClaimedError,
    CannotInviteError,
    ExtendedOnceError,
    NotInvitedError,
    NotLeaderError,
    NotYoursError,
    TeamFullError,
    TooDearError,
    TooManyClaimsError,
)
from app.features.wishes.models import Wish
from app.features.wishes.rules import ClaimEnd, ClaimKind, Status, Step, StepRefusedError
from tests.features.wishes.makers import make_collector, make_community, make_draft, make_fulfilled, make_wish
from tests.makers import make_member


@pytest.fixture
def board(session, branch, other_branch, sam):
    """Makes published wishes of a community that both branches look after."""
    community = make_community(session, branch, other_branch)
    cora = make_collector(session, community)

    def publish(**values):
        return make_wish(session, community, branch, cora, sam, **values)

    publish.community, publish.cora = community, cora
    return publish


def status(session, wish):
    return session.get_one(Wish, wish.id).status


def test_alice_claims_a_wish(session, board, alice):
    wish = board()
    claim = service.claim(session, alice.actor, wish_id=wish.id)
    assert (claim.kind, claim.claimed_by_id, claim.ended_at) == (ClaimKind.ALONE, alice.id, None)
    assert status(session, wish) is Status.CLAIMED
    assert [row.name for row in carrying.people_of(session, claim.id)] == [alice.name]
    assert [event.step for event in wishes.history(session, wish.id)][-1] is Step.CLAIM


def test_twice_is_once(session, board, alice):
    wish = board()
    first = service.claim(session, alice.actor, wish_id=wish.id)
    assert service.claim(session, alice.actor, wish_id=wish.id) is first


def test_bob_hears_who_was_faster(session, board, alice, bob):
    wish = board()
    service.claim(session, alice.actor, wish_id=wish.id)
    with pytest.raises(AlreadyClaimedError) as refusal:
        service.claim(session, bob.actor, wish_id=wish.id)
    assert alice.name in refusal.value.sentence


def test_the_other_branch_of_the_community_may_claim_too(session, board, olga):
    wish = board()
    service.claim(session, olga.actor, wish_id=wish.id)
    assert status(session, wish) is Status.CLAIMED


def test_olga_finds_no_wish_of_a_community_that_is_not_hers(session, branch, sam, olga):
    community = make_community(session, branch)
    cora = make_collector(session, community)
    wish = make_wish(session, community, branch, cora, sam)
    with pytest.raises(NotFoundError):
        service.claim(session, olga.actor, wish_id=wish.id)
    with pytest.raises(NotFoundError):
        wishes.wish(session, olga.actor, wish.id)
    assert not wishes.open_wishes(session, olga.actor)


def test_the_committee_officer_and_the_collector_claim_nothing(session, board, carl):
    wish = board()
    for person in (carl, board.cora):
        with pytest.raises(NotFoundError):
            service.claim(session, person.actor, wish_id=wish.id)


def test_a_draft_is_not_there_for_members(session, board, branch, alice):
    draft = make_draft(session, board.community, branch, board.cora)
    with pytest.raises(NotFoundError):
        service.claim(session, alice.actor, wish_id=draft.id)


def test_two_wishes_at_a_time_are_enough(session, board, alice):
    for wish in (board(), board()):
        service.claim(session, alice.actor, wish_id=wish.id)
    third = board()
    with pytest.raises(TooManyClaimsError):
        service.claim(session, alice.actor, wish_id=third.id)
    assert status(session, third) is Status.PUBLISHED


def test_what_is_handed_over_no_longer_counts(session, board, alice):
    make_fulfilled(session, board(), alice)
    for wish in (board(), board()):
        service.claim(session, alice.actor, wish_id=wish.id)
    assert carrying.active_claims(session, alice.id) == 2


@pytest.mark.parametrize(
    ("yuan", "kind", "by", "is_refused"),
    [
        (500, ClaimKind.ALONE, "alice", False),
        (None, ClaimKind.ALONE, "alice", False),
        (501, ClaimKind.ALONE, "alice", True),
        (501, ClaimKind.TEAM, "alice", True),
        (501, ClaimKind.ALONE, "sam", True),
        (501, ClaimKind.TEAM, "sam", False),
    ],
)
def test_above_500_yuan_only_a_committee_with_its_team(session, board, alice, sam, yuan, kind, by, is_refused):
    wish = board(yuan=yuan)
    person = {"alice": alice, "sam": sam}[by]
    if is_refused:
        with pytest.raises(TooDearError):
            service.claim(session, person.actor, wish_id=wish.id, kind=kind)
    else:
        assert service.claim(session, person.actor, wish_id=wish.id, kind=kind).kind is kind


def test_alice_asks_bob_and_olga_and_each_joins_by_the_own_tap(session, board, alice, bob, olga):
    wish = board()
    claim = service.claim(session, alice.actor, wish_id=wish.id)
    service.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id, olga.id])
    assert claim.kind is ClaimKind.SHARED
    service.join(session, bob.actor, wish_id=wish.id)
    service.join(session, bob.actor, wish_id=wish.id)
    joined = {row.name: row.joined_at is not None for row in carrying.people_of(session, claim.id)}
    assert joined == {alice.name: True, bob.name: True, olga.name: False}
    service.decline(session, olga.actor, wish_id=wish.id)
    assert olga.name not in [row.name for row in carrying.people_of(session, claim.id)]
    with pytest.raises(NotInvitedError):
        service.join(session, olga.actor, wish_id=wish.id)


def test_nobody_joins_uninvited(session, board, alice, bob):
    wish = board()
    service.claim(session, alice.actor, wish_id=wish.id)
    with pytest.raises(NotInvitedError):
        service.join(session, bob.actor, wish_id=wish.id)


def test_an_invitation_stands_under_the_same_limit(session, board, alice, bob):
    for wish in (board(), board()):
        service.claim(session, bob.actor, wish_id=wish.id)
    third = board()
    service.claim(session, alice.actor, wish_id=third.id)
    service.invite(session, alice.actor, wish_id=third.id, member_ids=[bob.id])
    with pytest.raises(TooManyClaimsError):
        service.join(session, bob.actor, wish_id=third.id)


def test_only_colleagues_of_paired_branches_are_asked(session, board, alice, carl):
    wish = board()
    service.claim(session, alice.actor, wish_id=wish.id)
    for stranger in (carl, board.cora, alice):
        with pytest.raises(CannotInviteError):
            service.invite(session, alice.actor, wish_id=wish.id, member_ids=[stranger.id])


def test_ten_people_and_no_more(session, board, branch, alice):
    wish = board()
    service.claim(session, alice.actor, wish_id=wish.id, kind=ClaimKind.TEAM)
    colleagues = [make_member(session, branch, f"同事{number}").id for number in range(10)]
    service.invite(session, alice.actor, wish_id=wish.id, member_ids=colleagues[:9])
    assert len(carrying.people_of(session, carrying.current_claim(session, wish.id).id)) == 10
    with pytest.raises(TeamFullError):
        service.invite(session, alice.actor, wish_id=wish.id, member_ids=colleagues[9:])


def test_the_leader_speaks_for_a_team(session, board, alice, bob, olga):
    wish = board()
    service.claim(session, alice.actor, wish_id=wish.id, kind=ClaimKind.TEAM)
    service.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    service.join(session, bob.actor, wish_id=wish.id)
    with pytest.raises(NotLeaderError):
        service.invite(session, bob.actor, wish_id=wish.id, member_ids=[olga.id])
    assert service.release(session, bob.actor, wish_id=wish.id) is False
    assert status(session, wish) is Status.CLAIMED
    assert service.release(session, alice.actor, wish_id=wish.id) is True
    assert status(session, wish) is Status.PUBLISHED


def test_giving_back_needs_no_reason_and_leaves_no_trace_in_limits(session, board, alice, bob):
    wish = board()
    claim = service.claim(session, alice.actor, wish_id=wish.id)
    assert service.release(session, alice.actor, wish_id=wish.id) is True
    assert (claim.ended_as, claim.end_note) == (ClaimEnd.RELEASED, None)
    assert carrying.active_claims(session, alice.id) == 0
    service.claim(session, bob.actor, wish_id=wish.id)
    with pytest.raises(NotYoursError):
        service.contacted(session, alice.actor, wish_id=wish.id)


def test_who_shares_a_wish_leaves_it_to_the_others(session, board, alice, bob):
    wish = board()
    claim = service.claim(session, alice.actor, wish_id=wish.id)
    service.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    service.join(session, bob.actor, wish_id=wish.id)
    assert service.release(session, alice.actor, wish_id=wish.id) is False
    assert claim.claimed_by_id == bob.id
    assert service.release(session, bob.actor, wish_id=wish.id) is True


def test_contacted_is_one_tap_and_twice_is_once(session, board, alice, bob):
    wish = board()
    claim = service.claim(session, alice.actor, wish_id=wish.id)
    with pytest.raises(NotYoursError):
        service.contacted(session, bob.actor, wish_id=wish.id)
    service.contacted(session, alice.actor, wish_id=wish.id)
    then = claim.contacted_at
    service.contacted(session, alice.actor, wish_id=wish.id)
    assert status(session, wish) is Status.IN_PROGRESS
    assert claim.contacted_at == then


def test_more_time_is_given_once(session, board, alice):
    wish = board()
    service.claim(session, alice.actor, wish_id=wish.id)
    service.extend(session, alice.actor, wish_id=wish.id)
    with pytest.raises(ExtendedOnceError):
        service.extend(session, alice.actor, wish_id=wish.id)


def test_what_is_handed_over_is_not_given_back(session, board, alice):
    wish = make_fulfilled(session, board(), alice)
    with pytest.raises(StepRefusedError):
        service.release(session, alice.actor, wish_id=wish.id)
