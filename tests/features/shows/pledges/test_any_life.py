"""Whatever members and officers do in whatever order: nothing is kept without another officer's word."""

from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.ids import new_id
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges import progress, queries, service
from app.features.shows.pledges import service as drafts
from app.features.shows.pledges.models import PledgeOutcome
from app.features.shows.pledges.rules import Ending, PledgeState, Progress, Side, fact_type_of


class Year(RuleBasedStateMachine):
    """A branch in which anybody tries anything; every refusal is a refusal of the product, never a fault."""

    database = people = None  # given by the test
    pledges = Bundle("pledges")
    people_named = st.sampled_from(["alice", "bob", "sam", "dora", "olga", "oscar"])
    members = st.sampled_from(["alice", "sam"])

    def __init__(self):
        super().__init__()
        self.now = datetime(2026, 1, 5, 2, tzinfo=UTC)
        self.session = Session(self.database.writer, autoflush=False, expire_on_commit=False)
        self.decisions = []

    def teardown(self):
        self.session.close()  # nothing is committed: each life begins in an empty branch

    @contextmanager
    def trying(self):
        """What is refused leaves nothing behind, as in a unit of work of its own."""
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False), suppress(AppError), self.session.begin_nested():
            yield

    def actor(self, name):
        return self.people[name].actor

    @initialize(target=pledges, member=members, recorder=people_named)
    def begin(self, member, recorder):
        return self.write(member, recorder)

    @rule(target=pledges, member=members, recorder=people_named)
    def write(self, member, recorder):
        pledge_id = new_id()
        with self.trying():
            drafts.add_draft(
                self.session,
                self.actor(recorder),
                id=pledge_id,
                side=Side.WORK,
                text="走访 2 户",
                sign="记录 2 份",
                due_on=date(2026, 6, 30),
                member_id=self.people[member].id,
            )
            return pledge_id
        return multiple()

    @rule(pledge=consumes(pledges), who=people_named)
    def remove(self, pledge, who):
        with self.trying():
            drafts.remove_draft(self.session, self.actor(who), pledge_id=pledge)

    @rule(member=members, recorder=people_named)
    def submit(self, member, recorder):
        with self.trying():
            service.submit(self.session, self.actor(recorder), member_id=self.people[member].id)

    @rule(target=pledges, pledge=pledges, who=people_named)
    def correct(self, pledge, who):
        correction = new_id()
        with self.trying():
            service.correct(
                self.session,
                self.actor(who),
                id=correction,
                pledge_id=pledge,
                side=Side.SERVICE,
                text="走访 3 户",
                sign="记录 3 份",
                due_on=date(2026, 6, 30),
            )
            return correction
        return multiple()

    @rule(pledge=pledges, who=people_named)
    def withdraw(self, pledge, who):
        with self.trying():
            service.withdraw(self.session, self.actor(who), pledge_id=pledge)

    @rule(pledge=pledges, who=people_named, state=st.sampled_from(Progress))
    def tell(self, pledge, who, state):
        with self.trying():
            progress.report_progress(self.session, self.actor(who), id=new_id(), pledge_id=pledge, state=state)

    @rule(pledge=pledges, who=people_named, ending=st.sampled_from(Ending))
    def propose(self, pledge, who, ending):
        with self.trying():
            progress.report_outcome(
                self.session, self.actor(who), id=new_id(), pledge_id=pledge, outcome=ending, said="对口单位撤并"
            )

    @rule(pledge=pledges, who=people_named)
    def take_ending_back(self, pledge, who):
        with self.trying():
            progress.withdraw_outcome(self.session, self.actor(who), pledge_id=pledge)

    @rule(officer=people_named, approves=st.booleans(), only=st.sampled_from(["pledge", "pledge.outcome"]))
    def decide_on_all(self, officer, approves, only):
        waiting = select(Review.id).where(Review.status == ReviewStatus.PENDING, Review.kind == only)
        with self.trying():
            ids = self.session.scalars(waiting).all()
            if approves:
                outcome = reviews.approve(self.session, self.actor(officer), ids)
            else:
                outcome = reviews.return_to_member(self.session, self.actor(officer), ids, reason="写明数量")
            self.decisions += [outcome.decision_id] if outcome.decision_id else []

    @rule(officer=people_named)
    def undo(self, officer):
        with self.trying():
            if self.decisions:
                reviews.undo(self.session, self.actor(officer), decision_id=self.decisions[-1])

    @rule(days=st.sampled_from([1, 7, 90]))
    def wait(self, days):
        self.now += timedelta(days=days)

    def standing_facts(self):
        facts = self.session.scalars(select(Fact)).all()
        taken_back = {fact.reversal_of for fact in facts}
        return [fact for fact in facts if fact.reversal_of is None and fact.id not in taken_back]

    @invariant()
    def nothing_counts_without_an_officer_other_than_member_and_recorder(self):
        officers = {self.people[name].id for name in ("sam", "dora")}
        for fact in self.standing_facts():
            outcome = self.session.get_one(PledgeOutcome, self.session.get_one(Review, _id(fact)).id)
            assert fact.confirmed_by_id in officers - {fact.member_id, fact.recorded_by_id}
            assert fact.fact_type is fact_type_of(outcome.outcome)
            assert fact.occurred_on <= date(2026, 6, 30)
            pledged = self.session.get_one(Review, outcome.pledge_id)
            assert pledged.status is ReviewStatus.APPROVED
            assert pledged.decided_by_id in officers - {pledged.member_id, pledged.recorded_by_id}

    @invariant()
    def evaluated_is_what_has_a_fact_and_each_has_one(self):
        pledged = [self.session.get_one(PledgeOutcome, _id(fact)).pledge_id for fact in self.standing_facts()]
        assert len(pledged) == len(set(pledged))
        with time_machine.travel(self.now, tick=False):
            evaluated = [
                pledge.id
                for name in ("alice", "sam")
                for pledge in queries.of_member(self.session, self.people[name].id, 2026)
                if pledge.state in (PledgeState.EVALUATED, PledgeState.ARCHIVED)
            ]
        assert sorted(evaluated) == sorted(pledged)

    @invariant()
    def nobody_has_more_than_five(self):
        for name in ("alice", "sam"):
            assert len(queries.of_member(self.session, self.people[name].id, 2026)) <= 5

    @invariant()
    def the_ledger_is_whole(self):
        assert ledger.verify(self.session).is_clean


def _id(fact):
    return UUID(fact.source_id.split(":")[0])


def test_nothing_is_kept_without_another_officer(database, alice, bob, sam, dora, olga, oscar):
    class Here(Year):
        pass

    Here.database = database
    Here.people = {"alice": alice, "bob": bob, "sam": sam, "dora": dora, "olga": olga, "oscar": oscar}
    run_state_machine_as_test(Here, settings=settings(max_examples=40, stateful_step_count=30))
