"""A list comes in: its good rows once, its bad rows back with the reason, and goes out so that it can come in again."""

import io
from datetime import date
from uuid import UUID

import pytest
from openpyxl import load_workbook

from app.core import clock
from app.core.tables import write_xlsx
from app.features.imports import service as imports
from app.features.imports.lists import Placed
from app.features.shows.duties import queries
from app.features.shows.duties.imports.listing import DUTY_LIST
from app.features.shows.duties.imports.reading import ProblemCode
from app.features.shows.duties.rules import DutyKind, DutySource, Repeat
from tests.features.shows.duties.makers import make_duty
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, page

HEADINGS = ("序号", "责任党员", "任务类别", "重点任务", "完成时限", "协办人", "频次", "备注")


def xlsx(*rows, headings=HEADINGS):
    return write_xlsx("清单", headings, rows)


def keep(session, sam, content):
    """The file, waiting for its confirmation."""
    table = imports.table_of(DUTY_LIST, content)
    placed = Placed(sam.actor.branch_id, {})
    return imports.keep_upload(session, sam.actor, DUTY_LIST, file_name="x.xlsx", table=table, placed=placed)


@pytest.fixture
def upload(client, sam):
    def send(content, headers=(), person=sam):
        files = {"file": ("清单.xlsx", content)}
        return client.post("/shows/duties/import", files=files, headers=ENGLISH | as_member(person) | dict(headers))

    return send


@pytest.fixture
def imported(client, upload, sam):
    """A file taken in to the end: the page of the result."""

    def take_in(content):
        address = upload(content).headers["location"]
        client.post(f"{address}/confirm", headers=as_member(sam))
        return page(client.get(address, headers=ENGLISH | as_member(sam)))

    return take_in


@pytest.fixture
def list_of(database):
    def look(person):
        with database.read() as session:
            return list(queries.shown(session, person.id, 2026))

    return look


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_nothing_is_written_before_it_was_looked_at(client, upload, list_of, sam, alice, headers):
    answer = upload(xlsx((1, alice.name, "党务", "更新党务公开栏", "3月底")), headers)
    address = answer.headers.get("HX-Redirect") or answer.headers["location"]
    soup = page(client.get(address, headers=ENGLISH | as_member(sam)))
    assert "更新党务公开栏" in soup.get_text()
    assert list_of(alice) == []


def test_the_good_rows_are_on_the_list_and_once(client, upload, list_of, sam, alice, bob):
    content = xlsx(
        (1, alice.name, "党务", "更新党务公开栏", "3月底", bob.name, "每月", "x"),
        (2, f"{alice.name}、{bob.name}", "业务", "报送半年总结", "上半年"),
        ("合计", None, None, None, None),
        headings=HEADINGS,
    )
    address = upload(content).headers["location"]
    for _twice in range(2):
        client.post(f"{address}/confirm", headers=as_member(sam))
    party, work = list_of(alice)
    assert (party.kind, party.due_on, party.helpers, party.repeat, party.source) == (
        DutyKind.PARTY,
        date(2026, 3, 31),
        (bob.name,),
        Repeat.MONTHLY,
        DutySource.IMPORTED,
    )
    assert (work.matter, work.due_on) == ("报送半年总结", date(2026, 6, 30))
    assert [duty.matter for duty in list_of(bob)] == ["报送半年总结"]


def test_that_a_row_makes_several_duties_is_said_before(client, upload, sam, alice, bob):
    both = f"{alice.name}、{bob.name}"
    rows = xlsx((1, alice.name, "党务", "更新公开栏", "3月底"), (2, both, "业务", "写总结", "上半年"))
    address = upload(rows).headers["location"]
    said = page(client.get(address, headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert "New 2" in said
    assert "2 new rows make 3 duties" in said
    assert "Put 3 duties on the list" in said


def test_the_same_file_again_adds_nothing(imported, list_of, alice):
    content = xlsx((1, alice.name, "业务", "归档文书档案", "2026-06-30"))
    imported(content)
    soup = imported(content)
    assert len(list_of(alice)) == 1
    assert "On the list already" in soup.get_text()


def test_bad_rows_come_back_with_their_reasons(client, upload, given, sam, alice, branch):
    for phone in ("13900009991", "13900009992"):
        given(make_member, branch, name="王芳", phone=phone)
    rows = [
        (1, alice.name, "业务", None, "3月底"),
        (2, "无此人", "业务", "事项二", "3月底"),
        (3, "王芳", "业务", "事项三", "3月底"),
        (4, alice.name, "后勤", "事项四", "3月底"),
        (5, alice.name, "业务", "事项五", "长期"),
        (6, alice.name, "业务", "事项六", "2024-03-31"),
        (7, alice.name, "业务", "事项七", None),
        (8, None, "业务", "事项八", "3月底"),
        (9, alice.name, "业务", "事项九", "3月底", "无此人"),
        (10, alice.name, "业务", "事项十", "3月底", None, "每周"),
        (11, alice.name, "业务", "好的一行", "3月底"),
        (12, alice.name, "业务", "好的一行", "3月底"),
        (13, alice.name, "业务", "长" * 101, "3月底"),
    ]
    address = upload(xlsx(*rows)).headers["location"]
    soup = page(client.get(address, headers=ENGLISH | as_member(sam)))
    text = soup.get_text(" ", strip=True)
    assert "2 members are called 王芳" in text
    assert "“无此人” is nobody of this branch" in text
    answer = client.get(f"{address}/problems.xlsx", headers=as_member(sam))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]][-1] == "原因"
    assert sheet.max_row == 1 + 12
    assert all(row[-1].value for row in sheet.iter_rows(min_row=2))


def test_a_number_says_which_of_two_is_meant(session, sam, branch, alice):
    one = make_member(session, branch, name="王芳", phone="13900009991")
    make_member(session, branch, name="王芳", phone="13900009992")
    headings = ("责任人", "手机号", "工作事项", "完成时限")
    rows = [
        ("王芳", "13900009991", "事项一", "3月底"),
        ("王芳", alice.phone, "事项二", "3月底"),
        (None, one.phone, "事项三", "3月底"),
    ]
    upload = keep(session, sam, xlsx(*rows, headings=headings))
    first, second, third = imports.plan(session, sam.actor, DUTY_LIST, upload).rows
    assert [holder.id for holder in first.holders + third.holders] == [one.id, one.id]
    assert [problem.code for problem in second.problems] == [ProblemCode.DIFFERENT_PERSON]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (xlsx(("a", "b"), headings=("甲", "乙")), "No headings"),
        (xlsx(), "nothing below"),
    ],
    ids=["empty", "other", "bare"],
)
def test_what_is_no_list_is_refused_at_the_field(upload, content, word):
    answer = upload(content)
    soup = page(answer, status=answer.status_code)
    assert answer.status_code == 422
    assert word in errors(soup)["file"]


def test_no_file_is_said_kindly(client, sam):
    answer = client.post("/shows/duties/import", headers=ENGLISH | as_member(sam))
    assert "choose a file" in errors(page(answer, status=422))["file"]


def test_the_list_goes_out_so_that_it_comes_in_again(client, imported, given, list_of, sam, alice, bob):
    given(make_duty, alice, basis="支部年度计划", repeat=Repeat.QUARTERLY, helper_ids=(bob.id,))
    content = client.get("/shows/duties/export.xlsx", headers=as_member(sam)).content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]][:6] == ["序号", "责任人", "党员编号", "手机号码", "类别", "工作事项"]
    imported(content)
    assert len(list_of(alice)) == 1


def test_the_template_has_no_duty_in_it(client, upload, sam):
    content = client.get("/shows/duties/template.xlsx", headers=as_member(sam)).content
    assert "nothing below" in errors(page(upload(content), status=422))["file"]


def test_an_upload_is_seen_by_who_sent_it_and_can_be_forgotten(client, upload, sam, dora, oscar, alice):
    address = upload(xlsx((1, alice.name, "业务", "事项", "3月底"))).headers["location"]
    for other in (dora, oscar):
        assert client.get(address, headers=as_member(other)).status_code == 404
    assert client.get(address, headers=as_member(alice)).status_code == 403
    client.post(f"{address}/discard", headers=as_member(sam))
    assert client.get(address, headers=as_member(sam)).status_code == 404


def test_uploads_are_forgotten_after_a_day(session, sam, alice, monday):
    upload = keep(session, sam, xlsx((1, alice.name, "业务", "事项", "3月底")))
    monday.move_to("2026-03-11 02:00:00Z")
    assert imports.forget_old(session, clock.now()) == 1
    assert isinstance(upload.id, UUID)


def test_a_row_for_all_says_whom_it_means_and_makes_a_duty_for_each(upload, client, list_of, alice, bob, sam):
    address = upload(xlsx((1, "全体党员", "党务", "参加一次志愿服务", date(2026, 6, 30), "", "", ""))).headers[
        "location"
    ]
    preview = page(client.get(address, headers=as_member(sam))).get_text()
    assert "全体党员（" in preview
    assert alice.name in preview
    assert bob.name in preview
    client.post(f"{address}/confirm", headers=as_member(sam))
    assert all(any(duty.matter == "参加一次志愿服务" for duty in list_of(person)) for person in (alice, bob))
