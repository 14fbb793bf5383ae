"""A member's perfect year, each fact by the service that people use, reaches the whole maximum."""

from datetime import UTC, date, datetime, timedelta

from app.core import clock
from app.core.ids import new_id
from app.features.ballots import opinions
from app.features.ballots.rules import Grade
from app.features.entries.appraisals.rules import Quarter
from app.features.records import service as records
from app.features.scores.periods import period_of
from app.features.scores.queries import member_sheet
from app.features.study.rules import StudyKind
from app.features.volunteering.stream import RECORD as VOLUNTEERING
from app.features.wishes.carrying import revisits
from app.features.wishes.rules import Helped
from tests.features.ballots.makers import counted, give
from tests.features.entries.makers import confirm, enter_decided, enter_grade
from tests.features.study.makers import make_approved_study
from tests.features.wishes.makers import make_collector, make_community, make_realised, make_wish

AFTER = datetime(2027, 1, 4, 2, tzinfo=UTC)
MAY = datetime(2026, 5, 11, 2, tzinfo=UTC)


def test_it_reaches_the_whole_maximum(session, branch, sam, dora, alice, bob):
    with clock.standing_at(MAY):
        community = make_community(session, branch)
        collector = make_collector(session, community)
        wishes = [make_wish(session, community, branch, collector, sam, need=need) for need in ("收音机", "助行器")]
        for wish in wishes:
            make_realised(session, wish, alice, collector)
        for number in range(3):
            at = clock.now() - timedelta(days=number)
            studied = {"occurred_at": at, "received_at": at, "title": f"培训第{number}天"}
            make_approved_study(session, alice, sam, kind=StudyKind.TRAINING, minutes=480, **studied)
        for number in range(6):
            at = clock.now() - timedelta(days=10 + number)
            studied = {"occurred_at": at, "received_at": at, "title": f"集中学习第{number}次"}
            make_approved_study(session, alice, sam, kind=StudyKind.ORGANISED, **studied)
        for number in (1, 2, 3):
            said = {"title": f"第{number}次", "half_days": 1, "day": clock.today() - timedelta(days=number)}
            records.record(session, alice.actor, VOLUNTEERING, id=new_id(), **said)
        confirm(session, sam, "service.half_day")
        for matter in "防汛值守专班", "积案化解攻坚":
            enter_decided(session, sam, alice, title=matter)
        for matter in "合并重复报表", "优化借阅流程":
            enter_decided(session, sam, alice, what="suggestion", title=matter)
        enter_decided(
            session, sam, alice, what="commendation", title="优秀党员", level="nation", document="中组〔2026〕1号"
        )
        confirm(session, dora, "committee.entry")
    with clock.standing_at(MAY + timedelta(days=20)):
        for wish in wishes:
            revisits.revisit(session, bob.actor, wish_id=wish.id, helped=Helped.YES)
    with clock.standing_at(AFTER):
        for number in (1, 2, 3, 4):
            enter_grade(session, sam, alice, quarter=Quarter(2026, number))
        confirm(session, dora, "appraisal.quarter")
        review_id = counted(session, sam, [sam, dora, alice, bob], Grade.EXCELLENT, year=2026)
        give(session, sam, review_id, {alice: Grade.EXCELLENT}, graded_on=clock.today())
        opinions.decide(session, dora.actor, review_id=review_id, confirm=True)
        sheet = member_sheet(session, alice.actor, alice.id, period_of(date(2026, 12, 31))).sheet
    assert sheet.not_kept == ()
    assert {one.id: (one.points, one.maximum) for one in (*sheet.sections, sheet.extra)} == {
        "A": (4000, 4000),
        "B": (3000, 3000),
        "C": (1000, 1000),
        "D": (2000, 2000),
        "E": (1000, 1000),
    }
    assert sheet.total == 11000
