"""A month's plan: written on one form, taken over, linked to a meeting, read, printed."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.ids import new_id
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.members.rules import Role
from app.features.study.plan import queries
from app.features.study.plan.due import lists, week
from app.features.study.plan.models import PlanItem, PlanItemMaterial
from app.features.study.plan.rules import is_done_alone, is_open
from app.features.study.rules import StudyKind
from tests.features.meetings.gatherings.makers import FRIDAY, make_meeting
from tests.features.study.plans import NOVEMBER, NOW, TITLE, make_item, make_material
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, page

PLAN = "/study/plan"


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOW, tick=False) as at:
        yield at


@pytest.fixture
def pia(given, branch):
    """The publicity commissioner."""
    return given(make_member, branch, "裴雅", roles=(Role.PUBLICITY,))


@pytest.fixture
def planned(database):
    """The titles of a plan, in its order."""

    def titles(owner_id, month=NOVEMBER):
        with database.read() as session:
            return [item.title for item in queries.of_month(session, [owner_id], month)]

    return titles


def shown(client, person, address=PLAN):
    return page(client.get(address, headers=ENGLISH | as_member(person)))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_pia_writes_several_items_on_one_form_and_twice_is_once(client, pia, alice, planned, headers):
    soup = shown(client, pia, f"{PLAN}/new")
    form = {"id": soup.select_one("#items-form [name=id]")["value"], "title_1": TITLE, "kind_1": "self_study"}
    form |= {"title_2": " ", "title_4": "专题党课", "kind_4": "lecture"}
    for _twice in range(2):
        client.post(soup.select_one("#items-form")["action"], data=form, headers=headers | as_member(pia))
    assert planned(pia.branch_id) == [TITLE, "专题党课"]
    text = shown(client, alice).get_text(" ", strip=True)
    assert TITLE in text
    assert "in the course of the month" in text


def test_an_empty_form_and_a_title_too_long_say_so_and_keep_the_rest(client, pia, planned):
    form = {"id": str(new_id())}
    answer = client.post(PLAN, data=form, headers=ENGLISH | as_member(pia))
    assert "at least one title" in errors(page(answer, 422))["title_1"]
    answer = client.post(PLAN, data=form | {"title_1": "长" * 121, "title_2": TITLE}, headers=ENGLISH | as_member(pia))
    soup = page(answer, 422)
    assert soup.select_one("#title_2")["value"] == TITLE
    assert planned(pia.branch_id) == []


def test_who_plans_for_a_branch_and_who_for_a_committee(client, pia, sam, dora, alice, carl, oscar, planned):
    for person in (pia, sam, dora):
        assert client.get(f"{PLAN}/new", headers=as_member(person)).status_code == 200
    assert client.get(f"{PLAN}/new", headers=as_member(alice)).status_code == 403
    assert client.get(f"{PLAN}/new", headers=as_member(carl)).status_code == 404  # of the own branch carl is a member
    (led,) = carl.actor.leads
    form = {"id": str(new_id()), "title_1": "全会精神", "kind_1": "organised"}
    client.post(f"{PLAN}?of={led}", data=form, headers=as_member(carl))
    assert planned(led) == ["全会精神"]
    for person in (sam, alice, oscar):
        assert client.get(f"{PLAN}?of={led}", headers=as_member(person)).status_code == 404
    assert "全会精神" in shown(client, carl, f"{PLAN}?of={led}").get_text()


def test_last_month_is_copied_and_the_committee_s_items_are_adopted(client, given, pia, carl, alice, planned, database):
    (led,) = carl.actor.leads
    with time_machine.travel("2026-10-08 10:00+08:00", tick=False):
        text = given(make_material, pia)
        old = given(make_item, pia, "十月旧课", month=date(2026, 10, 1))
        client.post(
            f"{PLAN}/items/{old}",
            data={"title": "十月旧课", "kind": "self_study", "materials": [str(text)]},
            headers=as_member(pia),
        )
    above = given(make_item, carl, "全会精神", owner_id=led, kind=StudyKind.LECTURE)
    assert planned(pia.branch_id) == []  # nothing comes by itself
    soup = shown(client, pia, f"{PLAN}/bring?month=2026-11")
    boxes = {box["value"]: box.has_attr("checked") for box in soup.select("[name=ids]")}
    assert boxes == {str(old): True, str(above): False}
    for _twice in range(2):
        form = {"ids": [str(old), str(above), str(new_id())]}
        client.post(f"{PLAN}/bring?month=2026-11", data=form, headers=as_member(pia))
    assert planned(pia.branch_id) == ["十月旧课", "全会精神"]
    with database.read() as session:
        copied, adopted = queries.of_month(session, [pia.branch_id], NOVEMBER)
    assert (copied.adopted_from_id, adopted.adopted_from_id) == (None, above)
    assert [row.id for row in copied.materials] == [text]
    assert shown(client, pia, f"{PLAN}/bring?month=2026-11").get_text().count("in the plan already") == 2
    assert client.get(f"{PLAN}/bring", headers=as_member(alice)).status_code == 403
    client.post(f"{PLAN}/items/{above}/remove", headers=as_member(carl))
    assert planned(led) == []
    assert planned(pia.branch_id) == ["十月旧课", "全会精神"]  # what was adopted is the branch's


def test_nothing_ticked_and_nothing_to_take_over_are_said(client, given, pia, carl):
    soup = shown(client, pia, f"{PLAN}/bring")
    assert "Nothing to take over" in soup.get_text()
    given(make_item, carl, owner_id=next(iter(carl.actor.leads)))
    answer = client.post(f"{PLAN}/bring", data={}, headers=ENGLISH | as_member(pia))
    assert "choose at least one" in page(answer, 422).get_text()


def test_an_item_is_studied_at_a_meeting_of_its_month(client, given, pia, sam, alice, oscar, database):
    meeting = given(make_meeting, sam, Kind.THEME_DAY, title="主题党日")
    item = given(make_item, pia, "专题研讨", kind=StudyKind.ORGANISED)
    address = f"{PLAN}/items/{item}"
    soup = shown(client, pia, address)
    assert [option["value"] for option in soup.select("#event_id option")] == ["", str(meeting)]
    form = {
        "title": "专题研讨",
        "kind": "organised",
        "event_id": str(meeting),
        "speaker": "特邀讲师",
        "expected": "group",
    }
    assert client.post(address, data=form, headers=as_member(pia)).status_code == 303
    text = shown(client, alice).get_text(" ", strip=True)
    assert "14:30" in text
    assert "特邀讲师" in text
    elsewhere = given(make_meeting, oscar, title="别的支部的会")
    later = given(make_meeting, sam, day=date(2026, 12, 4), title="下月的会")
    for wrong in (elsewhere, later):
        answer = client.post(address, data=form | {"event_id": str(wrong)}, headers=ENGLISH | as_member(pia))
        assert "meeting of this month" in errors(page(answer, 422))["event_id"]
    answer = client.post(address, data=form | {"kind": "self_study"}, headers=ENGLISH | as_member(pia))
    assert "has none" in errors(page(answer, 422))["event_id"]
    with database.read() as session:
        assert queries.to_study(session, alice.branch_id, FRIDAY) == {}  # there it is ticked, and not said again


def test_an_item_mended_after_its_meeting_was_called_off_keeps_it(client, given, pia, sam, database):
    meeting = given(make_meeting, sam, title="专题党课")
    item = given(make_item, pia, "专题党课", kind=StudyKind.LECTURE, event_id=meeting)
    with database.write() as session:
        session.get_one(MeetingEvent, meeting).state = EventState.CANCELLED
    soup = shown(client, pia, f"{PLAN}/items/{item}")
    (chosen,) = soup.select("#event_id option[selected]")
    assert chosen["value"] == str(meeting)
    assert "called off" in chosen.get_text()
    form = {"title": "改了名", "kind": "lecture", "expected": "all", "event_id": chosen["value"]}
    client.post(f"{PLAN}/items/{item}", data=form, headers=as_member(pia))
    with database.read() as session:
        (kept,) = queries.of_month(session, [pia.branch_id], NOVEMBER)
    assert (kept.title, kept.event_id) == ("改了名", meeting)


def test_the_report_counts_what_was_held_of_what_was_planned_together(given, pia, sam, database, in_november):
    with database.read() as session:
        assert queries.held_of(session, pia.branch_id, date(2026, 10, 1), date(2026, 12, 31)) is None
    for title, day in (("第一讲", FRIDAY), ("第二讲", date(2026, 11, 27))):
        meeting = given(make_meeting, sam, title=title, day=day)
        given(make_item, pia, title, kind=StudyKind.LECTURE, event_id=meeting)
    given(make_item, pia, "还没有选会议", kind=StudyKind.ORGANISED)
    given(make_item, pia)  # alone
    in_november.move_to("2026-11-20 09:00+08:00")
    with database.read() as session:
        assert queries.held_of(session, pia.branch_id, date(2026, 10, 1), date(2026, 12, 31)) == (1, 3)
        assert queries.held_of(session, pia.branch_id, date(2026, 7, 1), date(2026, 9, 30)) is None


def test_a_month_that_is_over_is_read_and_not_changed(client, given, pia, alice, in_november):
    item = given(make_item, pia)
    in_november.move_to("2027-02-01 09:00+08:00")
    assert TITLE in shown(client, alice, f"{PLAN}?month=2026-11").get_text()
    assert "Mend" not in shown(client, pia, f"{PLAN}?month=2026-11").get_text()
    for address in (f"{PLAN}/items/{item}", f"{PLAN}/items/{item}/remove", f"{PLAN}/bring?month=2026-11"):
        assert client.post(address, data={"title": "x", "kind": "lecture"}, headers=as_member(pia)).status_code == 409
    assert [is_open(date(2027, month, 1), date(2027, 2, 9)) for month in (1, 2, 3)] == [False, True, True]
    assert not is_open(date(2028, 3, 1), date(2027, 2, 9))


def test_what_may_be_studied_alone_is_offered_to_its_record(client, given, pia, alice, olga, database):
    given(make_item, pia)
    given(make_item, pia, "集中研讨", kind=StudyKind.ORGANISED)
    assert is_done_alone(StudyKind.ONLINE, None)
    assert not is_done_alone(StudyKind.LECTURE, new_id())
    (link,) = [one["href"] for one in shown(client, alice).select("a.btn") if "title=" in one["href"]]
    soup = shown(client, alice, link)
    assert soup.select_one("#title")["value"] == TITLE
    assert soup.select_one("[name=kind][checked]")["value"] == "self_study"
    assert [(one.get_text(), one["data-kind"]) for one in soup.select("[data-recent] [data-kind]")] == [
        (TITLE, "self_study")
    ]
    with database.read() as session:
        assert lists(session, alice.actor) == {"study": [(TITLE, StudyKind.SELF_STUDY)]}
        assert lists(session, olga.actor) == {"study": []}
        (line,) = week(session, alice.actor, clock.today())
        assert TITLE in line
    assert TITLE not in shown(client, olga).get_text()
    today = shown(client, alice, "/")
    assert "1 item to study by yourself" in today.get_text(" ", strip=True)
    assert today.h1.get_text(strip=True) == "Nothing to do"  # a calm line, and no task


def test_it_prints_in_the_usual_columns_and_comes_as_a_file(client, given, pia, alice):
    given(make_item, pia, speaker="张老师")
    given(make_item, pia, "十二月的课", month=date(2026, 12, 1), kind=StudyKind.LECTURE)
    heads = ["月", "主题", "形式", "材料", "时间", "主讲", "范围"]
    soup = shown(client, alice, f"{PLAN}/paper?month=2026-11")
    assert [one.get_text() for one in soup.select("article th")] == heads
    assert len(soup.select("article tbody tr")) == 1
    answer = client.get(f"{PLAN}/paper.xlsx?year=2026", headers=as_member(alice))
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert heads in rows
    assert [row[1] for row in rows if row[0] in {"11月", "12月"}] == [TITLE, "十二月的课"]


def test_the_database_refuses_what_no_plan_can_have(given, database, pia, carl):
    (led,) = carl.actor.leads
    above = given(make_item, carl, owner_id=led)
    common = {"owner_id": pia.branch_id, "month": NOVEMBER, "place": 1, "title": TITLE, "kind": "lecture",
              "expected": "all", "entered_by_id": pia.id, "entered_at": clock.now()}  # fmt: skip
    rows = [
        [{"id": new_id(), **common, "title": " "}],
        [{"id": new_id(), **common, "adopted_from_id": above}, {"id": new_id(), **common, "adopted_from_id": above}],
    ]
    for refused in rows:
        with pytest.raises(IntegrityError), database.write() as session:
            session.execute(insert(PlanItem), refused)


def test_a_material_of_elsewhere_is_named_by_no_plan(client, given, database, pia, oscar):
    item, foreign = given(make_item, pia), given(make_material, oscar)
    form = {"title": TITLE, "kind": "self_study", "materials": [str(foreign)]}
    assert client.post(f"{PLAN}/items/{item}", data=form, headers=as_member(pia)).status_code == 404
    with database.read() as session:
        assert session.scalars(select(PlanItemMaterial)).all() == []
