"""Whatever people try in whatever order, with every side exit: the promises about a wish hold. Hypothesis tries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.core import clock
from app.core.errors import AppError
from app.features.ledger.models import Fact
from app.features.wishes import rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import claims, fulfilment, queries, revisits, slips
from app.features.wishes.carrying.rules import MOST_ACTIVE
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant, WishRevisit
from app.features.wishes.rules import ACTIVE, ClaimKind, Helped, Status, Step
from app.features.wishes.wisher import service as withdrawal
from app.features.wishes.wisher.service import confirm_by_link, not_yet_by_link
from tests.features.wishes.makers import make_collector, make_community, make_draft

BEGIN = datetime(2026, 3, 9, 2, tzinfo=UTC)
IN_HANDS = ACTIVE | {Status.TO_CONFIRM, Status.REALISED}
MEMBERS = st.sampled_from(["alice", "bob", "sam", "olga"])
EVERYBODY = st.sampled_from(["alice", "bob", "sam", "dora", "olga", "cora"])
WISHES = st.sampled_from([0, 1, 2])


class TakenBackError(Exception):
    """Nothing of an example stays."""


class Life(RuleBasedStateMachine):
    """Three wishes and those who have to do with them."""

    def __init__(self, database: Any, place: Any, people: dict[str, Any]) -> None:
        super().__init__()
        self.now = BEGIN
        self.unit = database.write()
        self.session = self.unit.__enter__()
        self.people = people
        branch, other_branch = place
        with clock.standing_at(self.now):
            community = make_community(self.session, branch, other_branch)
            self.people = people | {"cora": make_collector(self.session, community)}
            self.wishes = [make_draft(self.session, community, branch, self.people["cora"]).id for _ in range(3)]
        self.ended: dict[Any, Status] = {}

    def teardown(self) -> None:
        stop = TakenBackError()
        self.unit.__exit__(TakenBackError, stop, None)

    def attempt(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        with clock.standing_at(self.now):
            try:
                with self.session.begin_nested():
                    act(self.session, *args, **kwargs)
            except AppError:
                self.session.expire_all()

    def actor(self, name: str) -> Any:
        return self.people[name].actor

    @rule(days=st.sampled_from([1, 8, 15, 31, 45]))
    def time_passes(self, days):
        self.now += timedelta(days=days)

    @rule(wish=WISHES, steps=st.integers(1, 7))
    def it_goes_the_usual_way(self, wish, steps):
        for _ in range(steps):
            self.usual_step(self.wishes[wish])

    def usual_step(self, wish_id: Any) -> None:
        holder = next((person for person in self.people.values() if self.holds(person, wish_id)), self.people["alice"])
        match self.status(wish_id):
            case Status.DRAFT | Status.RETURNED:
                self.attempt(wish_service.submit, wish_id=wish_id, by_id=self.people["cora"].id)
            case Status.TO_VERIFY | Status.NEXT_ROUND:
                self.attempt(wish_service.publish, wish_id=wish_id, by_id=self.people["sam"].id)
            case Status.PUBLISHED:
                self.attempt(claims.claim, holder.actor, wish_id=wish_id)
            case Status.CLAIMED:
                self.attempt(claims.contacted, holder.actor, wish_id=wish_id)
            case Status.IN_PROGRESS:
                day = clock.local_day(self.now)
                self.attempt(fulfilment.fulfil, holder.actor, wish_id=wish_id, sentence="已送到。", day=day)
            case Status.TO_CONFIRM:
                self.attempt(fulfilment.confirm_realised, self.actor("cora"), wish_id=wish_id)
            case Status.REALISED:
                self.now += timedelta(days=14)
                self.attempt(revisits.revisit, self.actor("cora"), wish_id=wish_id, helped=Helped.YES)

    def holds(self, person: Any, wish_id: Any) -> bool:
        claim = queries.current_claim(self.session, wish_id)
        part = queries.participant(self.session, claim.id, person.id) if claim else None
        return part is not None and part.joined_at is not None and part.left_at is None

    @rule(wish=WISHES)
    def the_collector_hands_it_in(self, wish):
        self.attempt(wish_service.submit, wish_id=self.wishes[wish], by_id=self.people["cora"].id)

    @rule(wish=WISHES)
    def the_officer_returns_it(self, wish):
        self.attempt(
            wish_service.return_for_details, wish_id=self.wishes[wish], by_id=self.people["sam"].id, reason="请补充"
        )

    @rule(wish=WISHES, by=st.sampled_from(["sam", "cora"]))
    def it_is_published(self, wish, by):
        self.attempt(wish_service.publish, wish_id=self.wishes[wish], by_id=self.people[by].id)

    @rule(wish=WISHES)
    def it_is_referred(self, wish):
        self.attempt(
            wish_service.refer,
            wish_id=self.wishes[wish],
            by_id=self.people["sam"].id,
            channel="民政窗口",
            sentence="请咨询",
        )

    @rule(wish=WISHES)
    def it_is_put_off(self, wish):
        self.attempt(wish_service.put_off, wish_id=self.wishes[wish], by_id=self.people["sam"].id)

    @rule(wish=WISHES, who=MEMBERS, kind=st.sampled_from(ClaimKind))
    def somebody_claims_it(self, wish, who, kind):
        self.attempt(claims.claim, self.actor(who), wish_id=self.wishes[wish], kind=kind)

    @rule(wish=WISHES, who=MEMBERS, whom=MEMBERS)
    def somebody_asks_a_colleague(self, wish, who, whom):
        self.attempt(claims.invite, self.actor(who), wish_id=self.wishes[wish], member_ids=[self.people[whom].id])

    @rule(wish=WISHES, who=MEMBERS, act=st.sampled_from([claims.join, claims.decline, claims.contacted, claims.extend]))
    def a_member_taps(self, wish, who, act):
        self.attempt(act, self.actor(who), wish_id=self.wishes[wish])

    @rule(wish=WISHES, who=MEMBERS)
    def somebody_gives_it_back(self, wish, who):
        self.attempt(claims.release, self.actor(who), wish_id=self.wishes[wish])

    @rule(wish=WISHES, who=MEMBERS)
    def somebody_hands_it_over(self, wish, who):
        self.attempt(
            fulfilment.fulfil,
            self.actor(who),
            wish_id=self.wishes[wish],
            sentence="已送到。",
            day=clock.local_day(self.now),
        )

    @rule(wish=WISHES, who=EVERYBODY, act=st.sampled_from([fulfilment.confirm_realised, fulfilment.not_yet]))
    def the_desk_speaks(self, wish, who, act):
        self.attempt(act, self.actor(who), wish_id=self.wishes[wish])

    @rule(wish=WISHES, act=st.sampled_from([confirm_by_link, not_yet_by_link]))
    def the_wisher_speaks(self, wish, act):
        def say(session):
            act(session, token=slips.issue_slip(session, self.actor("cora"), wish_id=self.wishes[wish]).token)

        self.attempt(say)

    @rule(wish=WISHES, who=EVERYBODY, helped=st.sampled_from(Helped))
    def somebody_looks_back(self, wish, who, helped):
        self.attempt(revisits.revisit, self.actor(who), wish_id=self.wishes[wish], helped=helped)

    @rule(wish=WISHES, who=EVERYBODY, act=st.sampled_from([revisits.take_over, revisits.let_go]))
    def somebody_takes_the_revisit(self, wish, who, act):
        self.attempt(act, self.actor(who), wish_id=self.wishes[wish])

    @rule()
    def the_sweep_runs(self):
        self.attempt(claims.return_overdue, self.now)
        self.attempt(claims.expire, self.now)

    @rule(wish=WISHES, by_wisher=st.booleans())
    @precondition(lambda self: self.now > BEGIN + timedelta(days=30))
    def the_wisher_takes_it_back(self, wish, by_wisher):
        by_id = None if by_wisher else self.people["cora"].id
        self.attempt(withdrawal.withdraw, wish_id=self.wishes[wish], by_id=by_id, by_wisher=by_wisher)

    def status(self, wish_id: Any) -> Status:
        status: Status = self.session.scalars(select(Wish.status).where(Wish.id == wish_id)).one()
        return status

    @invariant()
    def an_end_is_an_end(self):
        for wish_id in self.wishes:
            status = self.status(wish_id)
            assert self.ended.get(wish_id, status) is status
            if status in rules.TERMINAL:
                self.ended[wish_id] = status

    @invariant()
    def the_history_is_whole_and_every_step_follows(self):
        for wish_id in self.wishes:
            events = self.session.execute(
                select(WishEvent.seq, WishEvent.step, WishEvent.status)
                .where(WishEvent.wish_id == wish_id)
                .order_by(WishEvent.seq)
            ).all()
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert events[0].step is Step.ENTER
            standing = Status.DRAFT
            for event in events[1:]:
                standing = rules.LIFE.after(standing, event.step)
                assert event.status is standing
            assert self.status(wish_id) is standing

    @invariant()
    def a_wish_in_hands_has_one_claim_and_others_none(self):
        for wish_id in self.wishes:
            claim = queries.current_claim(self.session, wish_id)
            assert (claim is not None) == (self.status(wish_id) in IN_HANDS)
            if claim is not None:
                joined = [row for row in queries.people_of(self.session, claim.id) if row.joined_at]
                assert claim.claimed_by_id in {row.member_id for row in joined}

    @invariant()
    def no_fact_before_the_revisit_and_none_of_who_looked_back(self):
        facts = self.session.execute(select(Fact.member_id, Fact.confirmed_by_id, Fact.note)).all()
        closed = [wish_id for wish_id in self.wishes if self.status(wish_id) is Status.CLOSED]
        assert len({fact.note for fact in facts}) == len(closed)
        assert all(fact.member_id != fact.confirmed_by_id for fact in facts)

    @invariant()
    def nobody_revisits_the_own_wish(self):
        own = self.session.scalar(
            select(func.count())
            .select_from(WishRevisit)
            .join(WishClaim, WishClaim.id == WishRevisit.claim_id)
            .join(WishParticipant, WishParticipant.claim_id == WishClaim.id)
            .where(
                WishParticipant.member_id == WishRevisit.taken_by_id,
                WishParticipant.joined_at.is_not(None),
                WishRevisit.attempt == WishClaim.attempt,
            )
        )
        assert own == 0

    @invariant()
    def two_at_a_time_but_for_what_came_back(self):
        came_back = select(func.count()).where(WishEvent.step.in_((Step.NOT_YET, Step.HELP_AGAIN)))
        if self.session.scalar(came_back) == 0:
            assert all(queries.active_claims(self.session, person.id) <= MOST_ACTIVE for person in self.people.values())


def test_the_promises_about_a_wish_hold_whatever_is_tried(database, branch, other_branch, alice, bob, sam, dora, olga):
    people = {"alice": alice, "bob": bob, "sam": sam, "dora": dora, "olga": olga}
    run_state_machine_as_test(
        lambda: Life(database, (branch, other_branch), people),
        settings=settings(max_examples=25, stateful_step_count=30, deadline=None),
    )
