"""What the answer to an objection took back stays back, and the proofs of the ledger know why."""

import time_machine
from sqlalchemy import select

from app.features.ledger.models import Fact
from app.features.ledger.queries import verify
from app.features.meetings.ticks.facts import settle
from app.features.meetings.ticks.rules import Mark
from app.features.members.rules import Role
from app.features.reviews.models import Review
from app.features.reviews.proof import mismatches
from app.features.scores.objections.rules import ObjectionOutcome
from tests.features.meetings.gatherings.makers import AFTERWARDS, FRIDAY, confirm, facts_of, make_meeting, tick
from tests.features.scores.objections.makers import answer, object_to, open_publicity
from tests.makers import make_member


@time_machine.travel(AFTERWARDS, tick=False)
def test_attendance_is_not_posted_again(session, branch, alice, sam, dora):
    fay = make_member(session, branch, "费小雨", roles=(Role.ORGANISATION,))
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]
    open_publicity(session, branch, sam, dora, FRIDAY, year=FRIDAY.year, quarter=None)
    fact = session.scalars(select(Fact).where(Fact.member_id == alice.id)).one()
    answer(session, fay, object_to(session, alice, fact), ObjectionOutcome.UPHELD, take_back=True)
    assert facts_of(session, alice) == []
    settle(session, session.scalars(select(Review).where(Review.member_id == alice.id)).all(), dora.id)
    assert facts_of(session, alice) == []
    assert verify(session).is_clean
    assert list(mismatches(session)) == []
