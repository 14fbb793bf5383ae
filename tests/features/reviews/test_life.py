"""Whatever officers and members do in whatever order, facts stand exactly for what is approved."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact
from app.features.reviews import service
from app.features.reviews.models import Review
from app.features.reviews.rules import UNDO_LASTS, Flag, ReviewStatus
from tests.features.reviews.makers import KIND, make_review


class Life(RuleBasedStateMachine):
    """A branch with two members and two officers, beside the simplest account of what should be true."""

    database = people = None  # given by the test
    records = Bundle("records")
    decisions = Bundle("decisions")
    members = st.sampled_from(["alice", "bob", "sam"])
    officers = st.sampled_from(["sam", "dora"])

    def __init__(self):
        super().__init__()
        self.now = datetime(2026, 3, 10, 2, tzinfo=UTC)
        self.status, self.decision, self.taken_back = {}, {}, {}
        self.session = Session(self.database.writer, autoflush=False, expire_on_commit=False)

    def teardown(self):
        self.session.close()  # nothing is committed: each life begins in an empty branch

    @contextmanager
    def a_minute_later(self):
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False):
            yield

    @rule(target=records, member=members, recorder=st.sampled_from(["alice", "sam", "dora"]), flagged=st.booleans())
    def submit(self, member, recorder, flagged):
        recorder = recorder if recorder != "alice" else member
        record = make_review(
            self.session,
            self.people[member],
            recorded_by_id=self.people[recorder].id,
            flags=frozenset({Flag.OVERLAP} if flagged else ()),
        )
        self.status[record] = ReviewStatus.PENDING
        return record

    @rule(target=decisions, officer=officers, chosen=st.sets(records, min_size=1), acknowledged=st.booleans())
    def approve(self, officer, chosen, acknowledged):
        def passes(review):
            return not review.flags or (acknowledged and len(chosen) == 1)

        with self.a_minute_later():
            expected = self.decidable(officer, chosen, passes)
            outcome = service.approve(self.session, self.people[officer].actor, chosen, acknowledged=acknowledged)
        return self.decided(outcome, officer, expected, ReviewStatus.APPROVED)

    @rule(target=decisions, officer=officers, chosen=st.sets(records, min_size=1))
    def give_back(self, officer, chosen):
        with self.a_minute_later():
            expected = self.decidable(officer, chosen, lambda review: True)
            outcome = service.return_to_member(self.session, self.people[officer].actor, chosen, reason="请改")
        return self.decided(outcome, officer, expected, ReviewStatus.RETURNED)

    def decidable(self, officer, chosen, passes):
        own = self.people[officer].id
        return {
            record
            for record in chosen
            if self.status[record] is ReviewStatus.PENDING
            and (review := self.session.get(Review, record))
            and own not in (review.member_id, review.recorded_by_id)
            and passes(review)
        }

    def decided(self, outcome, officer, expected, status):
        assert {review.id for review in outcome.done} == expected
        if not expected:
            return multiple()
        for record in expected:
            self.status[record], self.decision[record] = status, (outcome.decision_id, officer, self.now)
        return outcome.decision_id

    @rule(decision=decisions, officer=officers)
    def undo(self, decision, officer):
        with self.a_minute_later():
            expected = {
                record
                for record, (made, by, at) in self.decision.items()
                if made == decision and by == officer and self.now - at <= UNDO_LASTS
            }
            if decision not in [*self.taken_back.values(), *(made for made, _by, _at in self.decision.values())]:
                with pytest.raises(NotFoundError):
                    service.undo(self.session, self.people[officer].actor, decision_id=decision)
                return
            outcome = service.undo(self.session, self.people[officer].actor, decision_id=decision)
        assert {review.id for review in outcome.done} == expected
        for record in expected:
            self.status[record], self.taken_back[record] = ReviewStatus.PENDING, decision
            del self.decision[record]

    @rule(record=records, who=members)
    def withdraw(self, record, who):
        review, own = self.session.get(Review, record), self.people[who].id
        with self.a_minute_later():
            refused = service.withdraw(self.session, [record], by_id=own)
        takes = own in (review.member_id, review.recorded_by_id)
        undecided = self.status[record] in (ReviewStatus.PENDING, ReviewStatus.WITHDRAWN)
        assert bool(refused) is not (takes and undecided)
        if not refused:
            self.status[record] = ReviewStatus.WITHDRAWN

    @rule()
    def wait(self):
        self.now += UNDO_LASTS

    @invariant()
    def facts_stand_exactly_for_what_is_approved(self):
        facts = self.session.scalars(select(Fact)).all()
        taken_back = {fact.reversal_of for fact in facts}
        standing = [fact.source_id for fact in facts if fact.source == KIND.name and fact.id not in taken_back]
        approved = [record for record, status in self.status.items() if status is ReviewStatus.APPROVED]
        assert sorted(source.split(":")[0] for source in standing) == sorted(str(record) for record in approved)

    @invariant()
    def records_stand_as_they_should(self):
        assert dict(self.session.execute(select(Review.id, Review.status)).all()) == self.status

    @invariant()
    def the_ledger_is_whole(self):
        assert ledger.verify(self.session).is_clean


def test_facts_stand_exactly_for_what_is_approved(database, alice, bob, sam, dora):
    class Here(Life):
        pass

    Here.database, Here.people = database, {"alice": alice, "bob": bob, "sam": sam, "dora": dora}
    run_state_machine_as_test(Here, settings=settings(max_examples=50, stateful_step_count=20))
