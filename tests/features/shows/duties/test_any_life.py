"""Whatever members and officers do with a duty, nobody makes it count alone, and it counts at most once."""

from contextlib import contextmanager
from datetime import date, timedelta

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.ids import new_id
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact
from app.features.reviews import service as reviews
from app.features.shows.duties import assigning, outcomes, queries, recurrence, service
from app.features.shows.duties.models import Duty, DutyOutcome
from app.features.shows.duties.rules import DutyKind, DutyResult, DutyState, Progress, Repeat
from tests.features.shows.duties.makers import MORNING

EVERYBODY = ("alice", "bob", "sam", "dora", "olga", "oscar")
WHO = st.sampled_from([*EVERYBODY, "alice", "alice", "sam"])  # those who have most to do with it come more often
DECIDERS = st.sampled_from(["sam", "dora", "oscar"])  # whom the door of the approvals lets in
OFFICERS = {"sam", "dora"}
FACT_STATES = {"duty.kept": DutyState.KEPT, "duty.missed": DutyState.MISSED, "duty.excused": DutyState.EXCUSED}


class Life(RuleBasedStateMachine):
    """One duty of a series, and everybody at it: each tries what they like, and much of it is refused."""

    database = people = None  # given by the test

    def __init__(self):
        super().__init__()
        self.now = MORNING
        self.reports, self.decisions, self.deciders = [], [], {}
        self.session = Session(self.database.writer, autoflush=False, expire_on_commit=False)
        with self.later(timedelta()):
            self.duty_id = assigning.take_duty(
                self.session,
                self.people["alice"].actor,
                id=new_id(),
                kind=DutyKind.WORK,
                matter="每月值班表",
                basis=None,
                due_on=date(2026, 3, 12),
                repeat=Repeat.MONTHLY,
            )

    def teardown(self):
        self.session.close()  # nothing is committed: each life begins in an empty branch

    @contextmanager
    def later(self, pause=timedelta(minutes=1)):
        """A refusal rolls back what it refused and nothing else."""
        self.now += pause
        with time_machine.travel(self.now, tick=False):
            try:
                with self.session.begin_nested():
                    yield
            except AppError:
                self.session.expire_all()

    def actor(self, who):
        return self.people[who].actor

    @rule(who=WHO, result=st.sampled_from(DutyResult), words=st.sampled_from([None, "机构调整"]))
    def report(self, who, result, words):
        with self.later():
            review = outcomes.report_outcome(
                self.session, self.actor(who), id=new_id(), duty_id=self.duty_id, result=result, sentence=words
            )
            self.reports.append(review.id)

    @precondition(lambda self: self.reports)
    @rule(who=DECIDERS, which=st.integers(-2, -1))
    def approve(self, who, which):
        with self.later():
            outcome = reviews.approve(self.session, self.actor(who), self.reports[which:][:1])
            self.deciders |= {review.id: who for review in outcome.done}
            self.decisions.append((who, outcome.decision_id))

    @precondition(lambda self: self.reports)
    @rule(who=DECIDERS)
    def give_back(self, who):
        with self.later():
            outcome = reviews.return_to_member(self.session, self.actor(who), self.reports[-1:], reason="请补充")
            self.decisions.append((who, outcome.decision_id))

    @precondition(lambda self: self.decisions)
    @rule(newest=st.booleans())
    def undo(self, newest):
        who, decision_id = self.decisions[-1 if newest else 0]
        with self.later():
            reviews.undo(self.session, self.actor(who), decision_id=decision_id or new_id())

    @rule(who=WHO)
    def withdraw(self, who):
        with self.later():
            outcomes.withdraw_outcome(self.session, self.actor(who), duty_id=self.duty_id)

    @rule(who=WHO, state=st.sampled_from(Progress))
    def say(self, who, state):
        with self.later():
            outcomes.report_progress(
                self.session, self.actor(who), id=new_id(), duty_id=self.duty_id, state=state, note=None
            )

    @rule(who=WHO, to=WHO, days=st.integers(0, 3), temporary=st.booleans())
    def hand_over(self, who, to, days, temporary):
        with self.later():
            starts_on = self.now.date() + timedelta(days=days)
            service.hand_over(
                self.session,
                self.actor(who),
                duty_id=self.duty_id,
                to_id=self.people[to].id,
                starts_on=starts_on,
                ends_on=starts_on if temporary else None,
            )

    @rule(who=WHO, days=st.integers(0, 9))
    def move(self, who, days):
        with self.later():
            due_on = self.now.date() + timedelta(days=days)
            service.move_due_day(self.session, self.actor(who), duty_id=self.duty_id, due_on=due_on)

    @rule(who=WHO)
    def cancel(self, who):
        with self.later():
            service.cancel(self.session, self.actor(who), duty_id=self.duty_id, reason="发错了")

    @rule(who=WHO)
    def restore(self, who):
        with self.later():
            service.restore(self.session, self.actor(who), duty_id=self.duty_id)

    @rule()
    def sweep(self):
        with self.later():
            recurrence.continue_series(self.session)

    @rule(days=st.integers(1, 6))
    def wait(self, days):
        self.now += timedelta(days=days)

    def standing(self):
        facts = self.session.scalars(select(Fact).where(Fact.source == "duty.outcome")).all()
        taken_back = {fact.reversal_of for fact in self.session.scalars(select(Fact))}
        return [fact for fact in facts if fact.id not in taken_back]

    @invariant()
    def nobody_makes_it_count_alone(self):
        for fact in self.standing():
            report = self.session.get(DutyOutcome, self.report_of(fact))
            decider = self.deciders[report.id]
            assert decider in OFFICERS
            assert self.people[decider].id == fact.confirmed_by_id
            assert fact.confirmed_by_id not in (fact.member_id, fact.recorded_by_id)
            assert (fact.member_id, fact.occurred_on) == (report.member_id, report.ended_on)

    @invariant()
    def it_counts_at_most_once_and_as_it_stands(self):
        with time_machine.travel(self.now, tick=False):
            (row,) = queries.rows_of(self.session, [self.duty_id], self.now.date()).values()
        state = row.state
        facts = self.standing()
        assert len(facts) == (state in FACT_STATES.values())
        assert all(FACT_STATES[fact.fact_type] is state for fact in facts)

    @invariant()
    def each_of_the_series_is_there_once(self):
        places = self.session.scalars(select(Duty.series_place).order_by(Duty.series_place)).all()
        assert places == list(range(len(places)))

    @invariant()
    def the_ledger_is_whole(self):
        assert ledger.verify(self.session).is_clean

    def report_of(self, fact):
        review_id = fact.source_id.split(":")[0]
        return next(report for report in self.reports if str(report) == review_id)


def test_nobody_makes_a_duty_count_alone(database, alice, bob, sam, dora, olga, oscar):
    class Here(Life):
        pass

    Here.database, Here.people = database, dict(zip(EVERYBODY, (alice, bob, sam, dora, olga, oscar), strict=True))
    run_state_machine_as_test(Here, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))
