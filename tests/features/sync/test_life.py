"""Whatever phones, members, officers and time do in any order: one id, one outcome; nothing lost, nothing twice."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact
from app.features.records import service as records
from app.features.reviews import service as reviews
from app.features.reviews.errors import AlreadyDecidedError
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.record import RECORD
from app.features.sync import service as sync
from app.features.sync.models import InboxItem
from app.features.sync.reading import Sender
from app.features.sync.rules import HELD_FOR, TAKEN, TOMBSTONES, ItemState
from tests.features.sync.makers import new_item, new_withdrawal, phone_time

DECIDED = (ReviewStatus.APPROVED, ReviewStatus.RETURNED)


def seldom(*troubles):
    """One of these now and then, mostly ``None``."""
    return st.sampled_from([None] * 3 * len(troubles) + list(troubles))


class Life(RuleBasedStateMachine):
    """Two members with phones, two officers, a sweeper; and what each phone was told first."""

    database = people = None  # given by the test
    items = Bundle("items")
    decisions = Bundle("decisions")
    members = st.sampled_from(["alice", "bob"])
    officers = st.sampled_from(["sam", "dora"])

    def __init__(self):
        super().__init__()
        self.now = datetime(2026, 3, 10, 2, tzinfo=UTC)
        self.owner, self.told, self.content, self.captured = {}, {}, {}, []
        self.session = Session(self.database.writer, autoflush=False, expire_on_commit=False)

    def teardown(self):
        self.session.close()  # nothing is committed: each life begins in an empty branch

    @contextmanager
    def a_minute_later(self):
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False):
            yield

    def state_of(self, item):
        found = self.session.get(InboxItem, UUID(item["id"]), populate_existing=True)
        return found.state if found else None

    def status_of(self, item):
        found = self.session.get(Review, UUID(item["id"]), populate_existing=True)
        return found.status if found else None

    @rule(target=items, member=members, before=st.none() | items, trouble=seldom("lost", "known", "bad", "theirs"))
    def capture(self, member, before, trouble):
        if before and trouble != "theirs":
            member = self.owner[before["id"]]
        item = new_item(
            occurred_at=phone_time(self.now),
            depends_on=str(new_id()) if trouble == "lost" else before and before["id"],
            would_be_refused="over" if trouble == "known" else None,
        )
        if trouble == "bad":
            item["payload"] = {}
        self.owner[item["id"]] = member
        self.captured.append(item)
        return item

    @rule(target=items, member=members, length=st.integers(2, 4))
    def capture_chain(self, member, length):
        """Each waits for the one before; which of them comes first is up to the phone."""
        chain = [None]
        for _number in range(length):
            chain.append(self.capture(member, chain[-1], None))
        return multiple(*chain[1:])

    @rule(target=items, item=items)
    def withdraw(self, item):
        """On the phone; it is sent like everything else."""
        withdrawal = new_withdrawal(item["id"], occurred_at=phone_time(self.now))
        self.owner[withdrawal["id"]] = self.owner[item["id"]]
        self.captured.append(withdrawal)
        return withdrawal

    @rule(batch=st.lists(items, min_size=1, max_size=6), trouble=seldom("other content", "other person"))
    def send(self, batch, trouble):
        """Anything, in any order, again and again."""
        self.send_it(batch, trouble)

    @rule(item=items)
    def send_one(self, item):
        self.send_it([item], None)

    @rule(member=members, shuffle=st.randoms(use_true_random=False))
    def send_all(self, member, shuffle):
        """A phone that was long without a network, or was restored from an old copy."""
        batch = [item for item in self.captured if self.owner[item["id"]] == member][-50:]
        shuffle.shuffle(batch)
        if batch:
            self.send_it(batch, None)

    def send_it(self, batch, trouble):
        member = self.owner[batch[0]["id"]]
        batch = [item for item in batch if self.owner[item["id"]] == member]
        if trouble == "other content":
            batch = [item | {"occurred_at": "2026-03-01T10:00:00+08:00"} for item in batch]
        elif trouble == "other person":
            member = "bob" if member == "alice" else "alice"
        before = [self.state_of(item) for item in batch]
        person = self.people[member]
        with self.a_minute_later():
            sender = Sender(
                member_id=person.id,
                branch_id=person.branch_id,
                device_id="phone",
                permissions=person.actor.permissions,
                received_at=self.now,
            )
            answers = sync.take_in(self.session, sender, batch)
        assert [answer.id for answer in answers] == [item["id"] for item in batch]
        for item, state, answer in zip(batch, before, answers, strict=True):
            self.check(item, member, state, answer.outcome)

    def check(self, item, member, state, outcome):
        """What the phone was told, beside what it was told first."""
        key = item["id"]
        first = self.told.get(key)
        if first is None and state is None:
            assert outcome.verdict in ("accepted", "review", "held", "refused")
            self.told[key], self.content[key], self.owner[key] = outcome, item["occurred_at"], member
        elif self.session.get(InboxItem, UUID(key)).member_id != self.people[member].id:
            assert (outcome.verdict, outcome.code) == ("conflict", "not_yours")
        elif state in TOMBSTONES:
            assert outcome.verdict == "withdrawn"
        elif self.content[key] != item["occurred_at"]:
            assert (outcome.verdict, outcome.code) in (("conflict", "content_differs"), ("withdrawn", "withdrawn"))
        elif outcome.verdict != "withdrawn":  # it can have been withdrawn in this very batch
            expected = "refused" if first.verdict == "refused" else "duplicate"
            assert outcome[:3] == (expected, first.code, first.message)

    @rule(target=decisions, officer=officers, item=items, approves=st.booleans())
    def decide(self, officer, item, approves):
        before, actor, ids = self.status_of(item), self.people[officer].actor, [UUID(item["id"])]
        with self.a_minute_later():
            try:
                if approves:
                    outcome = reviews.approve(self.session, actor, ids, acknowledged=True)
                else:
                    outcome = reviews.return_to_member(self.session, actor, ids, reason="请改")
            except NotFoundError:
                assert before is None
                return multiple()
        assert bool(outcome.done) is (before is ReviewStatus.PENDING)
        return outcome.decision_id if outcome.done else multiple()

    @rule(decision=decisions, officer=officers)
    def undo(self, decision, officer):
        with self.a_minute_later():
            reviews.undo(self.session, self.people[officer].actor, decision_id=decision)

    @rule(item=items)
    def withdraw_on_the_page(self, item):
        before = self.status_of(item)
        actor = self.people[self.owner[item["id"]]].actor
        with self.a_minute_later():
            try:
                records.withdraw(self.session, actor, RECORD, record_id=UUID(item["id"]))
            except NotFoundError:
                assert before is None
            except AlreadyDecidedError:
                assert before in DECIDED
            else:
                assert before in (ReviewStatus.PENDING, ReviewStatus.WITHDRAWN)

    @rule(waited=st.sampled_from([timedelta(0), HELD_FOR]))
    def sweep(self, waited):
        self.now += waited
        with self.a_minute_later():
            for member_id in sync.members_with_overdue(self.session, now=self.now):
                assert sync.release_overdue(self.session, member_id, now=self.now)
            assert sync.members_with_overdue(self.session, now=self.now) == []

    def rows(self):
        return self.session.scalars(select(InboxItem).execution_options(populate_existing=True)).all()

    @invariant()
    def nothing_is_lost_and_the_first_word_stands(self):
        rows = {str(row.id): row for row in self.rows()}
        assert self.told.keys() <= rows.keys()
        for key, outcome in self.told.items():
            if rows[key].verdict is not None and rows[key].state not in TOMBSTONES:
                assert (rows[key].verdict, rows[key].code, rows[key].message) == outcome[:3]

    @invariant()
    def the_stream_has_exactly_what_the_inbox_gave_it(self):
        waiting = dict(self.session.execute(select(Review.id, Review.status)).all())
        assert set(self.session.scalars(select(StudyRecord.id))) == set(waiting)
        for row in self.rows():
            if row.state in TAKEN and row.kind == "study.record":
                assert waiting[row.id] is not ReviewStatus.WITHDRAWN
            elif row.state in TOMBSTONES:
                assert waiting.get(row.id, ReviewStatus.WITHDRAWN) is ReviewStatus.WITHDRAWN
                assert row.payload is None
            else:
                assert row.id not in waiting

    @invariant()
    def nothing_waits_in_vain_and_nothing_comes_before_its_turn(self):
        rows = {row.id: row for row in self.rows()}
        flags = dict(self.session.execute(select(Review.id, Review.flags)).all())
        for row in rows.values():
            if row.depends_on is None or row.kind != "study.record":
                continue
            before = rows.get(row.depends_on)
            here = before is not None and before.member_id == row.member_id and before.state is not ItemState.HELD
            if row.state is ItemState.HELD:
                assert not here or before.state not in TAKEN
            elif row.state in TAKEN:
                assert here or Flag.PREDECESSOR_MISSING in flags[row.id]

    @invariant()
    def facts_stand_exactly_for_what_is_approved(self):
        facts = self.session.scalars(select(Fact)).all()
        taken_back = {fact.reversal_of for fact in facts}
        standing = [fact.source_id for fact in facts if fact.reversal_of is None and fact.id not in taken_back]
        approved = self.session.scalars(select(Review.id).where(Review.status == ReviewStatus.APPROVED)).all()
        assert sorted(source.split(":")[0] for source in standing) == sorted(map(str, approved))

    @invariant()
    def the_ledger_is_whole(self):
        assert ledger.verify(self.session).is_clean


def test_one_id_one_outcome(database, alice, bob, sam, dora):
    class Here(Life):
        pass

    Here.database, Here.people = database, {"alice": alice, "bob": bob, "sam": sam, "dora": dora}
    run_state_machine_as_test(Here, settings=settings(max_examples=50, stateful_step_count=30))
