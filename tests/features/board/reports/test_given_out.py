"""A branch's report of a quarter: made of what the streams know, given out once, and stable from then on."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.ids import new_id
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.makeups import service as make_ups
from app.features.meetings.ticks.rules import How, Mark
from app.features.members.models import AuditEntry
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.rules import ReturnReason
from app.features.study.rules import StudyKind
from tests.features.meetings.gatherings.makers import confirm, make_meeting, tick
from tests.features.study.makers import make_approved_study, make_study_record
from tests.features.study.quizzes import KEYS, hand_in, make_quiz
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page

REPORT = "/study/reports/2026/3"
BOTH = pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
LECTURE = date(2026, 9, 4)
WRONG = ("B", "B", "AC", "ABD", "T")


def at(month, day, hour=2):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(at(10, 12), tick=False) as clock:
        yield clock


@pytest.fixture
def a_quarter(given, branch, alice, bob, sam, dora, october):
    """Eight people; a lecture and its make-up, records with one returned, a quiz that one of six did not pass."""
    more = [given(make_member, branch, name) for name in ("梁一", "梁二", "梁三", "梁四")]
    october.move_to(at(9, 4, 10))
    lecture = given(make_meeting, sam, Kind.LECTURE, day=LECTURE, minutes=60)
    given(tick, sam, lecture, but={alice: Mark.PRIVATE, bob: Mark.ABSENT})
    given(confirm, dora, lecture)
    october.move_to(at(9, 10))
    said = {"id": new_id(), "event_id": lecture, "done_on": date(2026, 9, 9), "how": How.TOLD}
    made_up = given(make_ups.report, alice.actor, **said)
    given(lambda session: reviews.approve(session, dora.actor, [made_up.id]))
    given(make_approved_study, alice, sam, kind=StudyKind.COURSE, minutes=600, occurred_on=date(2026, 8, 3))
    vague = given(make_study_record, bob, title="网课", occurred_on=date(2026, 8, 4))
    reason = {"reason": "是哪门课？", "returned_for": ReturnReason.UNCLEAR}
    given(lambda session: reviews.return_to_member(session, sam.actor, [vague], **reason))
    given(make_study_record, more[0], occurred_on=date(2026, 9, 8))
    given(make_study_record, more[0], title="上季度", occurred_on=date(2026, 6, 30))
    quiz = given(make_quiz, sam, opens_at=at(9, 9), closes_at=at(9, 20))
    for person, answers in [(one, KEYS) for one in (*more, dora)] + [(bob, ("B", "A", "A", "A", "F"))]:
        given(hand_in, quiz, person, answers)
    october.move_to(at(10, 12))
    return more


def text_of(client, person, address=REPORT):
    return page(client.get(address, headers=ENGLISH | as_member(person))).main.get_text(" ", strip=True)


def give(client, person, headers=HTMX, address=REPORT, **form):
    return client.post(address, data=form, headers=headers | ENGLISH | as_member(person))


def test_the_numbers_come_from_what_the_streams_know(client, a_quarter, sam):
    said = text_of(client, sam)
    for line in (
        "Study sessions held 1",
        "Present on average 6/8 · 75%",
        "Study records received 3 Confirmed 1/3 Returned 1/3",
        "Commonest reasons does not say enough 1",
        "Quizzes held 1 Took part 6/8 · 75% Passed, of those 5/6 · 83%",
        "（1/6）",
        "Members with the hours due 0/8 · 0%",
        "Meetings made up for 1",
    ):
        assert line in said, said
    assert "members do not see them yet" in said


@BOTH
def test_sam_gives_it_out_and_the_branch_reads_it(client, database, a_quarter, sam, alice, headers, status):
    assert "Not given out yet" in text_of(client, alice)
    remark = "三季度重点学习条例，下季度每月一次集中学习。"
    for _twice in range(2):
        assert give(client, sam, headers, remark=remark).status_code == status
    said = text_of(client, alice)
    assert remark in said
    assert "Study sessions held 1" in said
    for person in (*a_quarter, sam, alice):
        assert person.name not in said
    with database.read() as session:
        noted = session.query(AuditEntry).where(AuditEntry.action == "report_given").all()
        assert [one.actor_id for one in noted] == [sam.id]


def test_what_happens_afterwards_changes_nothing_in_it(client, database, given, a_quarter, sam, alice):
    give(client, sam)
    before = text_of(client, alice)
    given(make_approved_study, alice, sam, title="后来补记", occurred_on=date(2026, 9, 29))
    assert text_of(client, alice) == before
    again = page(give(client, sam, {}, remark="再加一句"), status=409)
    assert "stays as it is. Your remark was not added" in again.get_text()
    with database.write() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE study_reports SET remark = 'x'"))


def test_the_paper_and_the_file_say_the_same(client, a_quarter, sam, alice):
    give(client, sam, remark="说明")
    paper = page(client.get(f"{REPORT}/paper", headers=ENGLISH | as_member(alice))).main.find_all("tr")
    content = client.get(f"{REPORT}/report.xlsx", headers=ENGLISH | as_member(alice)).content
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    rows = [tuple(map(str, row)) for row in sheet.values]
    assert [tuple(cell.get_text() for cell in row.find_all(["th", "td"])) for row in paper] == rows
    assert rows[-1] == ("Remark", "说明")


@pytest.mark.parametrize("remark", ["表扬艾莉同志", "有事找 13900000001"])
def test_a_report_names_nobody(client, a_quarter, sam, remark):
    refused = page(give(client, sam, {}, remark=remark), status=422)
    assert "A report names nobody" in refused.get_text()
    assert refused.find("textarea", {"name": "remark"}).get_text() == remark


def test_only_its_officers_give_it_out_and_only_when_it_is_over(client, given, a_quarter, branch, sam, alice, october):
    discipline = given(make_member, branch, "季检", roles=(Role.DISCIPLINE,))
    for person in (alice, discipline):
        assert give(client, person, {}).status_code == 403
    assert "Give it out" not in text_of(client, discipline)
    assert give(client, sam, {}, "/study/reports/2026/4").status_code == 409
    assert "The quarter goes on" in text_of(client, sam, "/study/reports/2026/4")
    publicity = given(make_member, branch, "宣委", roles=(Role.PUBLICITY,))
    assert give(client, publicity).status_code == 200


def test_too_long_a_remark_stays_in_the_form(client, sam):
    refused = page(give(client, sam, {}, remark="长" * 301), status=422)
    assert refused.find("textarea", {"name": "remark"}).get_text() == "长" * 301


def test_another_branch_reads_its_own_alone(client, a_quarter, sam, olga, oscar):
    give(client, sam, remark="第一支部的说明")
    assert "Not given out yet" in text_of(client, olga)
    assert "第一支部的说明" not in text_of(client, oscar)
    for way in ("paper", "report.xlsx"):
        assert client.get(f"{REPORT}/{way}", headers=as_member(olga)).status_code == 404


def test_a_cancelled_quarter_without_anything_has_no_numbers(client, sam):
    said = text_of(client, sam)
    assert "Study sessions held 0 Present on average –" in said
    assert "Members with the hours due <5" in said


@pytest.mark.parametrize("address", ["/study/reports/2026/5", "/study/reports/1999/1"])
def test_a_quarter_that_is_none_is_not_found(client, sam, address):
    assert client.get(address, headers=as_member(sam)).status_code == 404
