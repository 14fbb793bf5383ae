"""A list of wishes from Excel: looked at, good rows entered once, the others come back with reasons."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text

from app.core import clock, sealing
from app.core.db import Base
from app.core.tables import UnreadableTableError
from app.features.imports import service as imports
from app.features.imports.models import Upload
from app.features.imports.pages import empty_file
from app.features.wishes.contacts import service as contacts
from app.features.wishes.imports.listing import WISH_LIST
from app.features.wishes.imports.reading import wish_row
from app.features.wishes.imports.rules import MOST_ROWS, ProblemCode
from app.features.wishes.models import Wish
from app.features.wishes.rules import Category, Origin, Status
from tests.features.wishes.imports.makers import BAD, GOOD, HEADINGS, OTHER, wish_list
from tests.features.wishes.makers import make_community
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def key():
    if not sealing.has_key():
        sealing.make_key()


@pytest.fixture
def send(client, cora, community):
    def send_file(content, person=cora, headers=None, **typed):
        return client.post(
            "/wishes/imports",
            files={"file": ("清单.xlsx", content)},
            data=typed,
            headers=as_member(person) | ENGLISH | (headers or {}),
        )

    return send_file


@pytest.fixture
def confirm(client, cora):
    def press(address, person=cora, act="confirm"):
        return client.post(f"{address}/{act}", headers=as_member(person) | ENGLISH)

    return press


def wishes(database):
    with database.read() as session:
        return session.scalars(select(Wish).order_by(Wish.code)).all()


def test_good_rows_become_drafts_with_sealed_contacts(client, database, send, confirm, cora):
    address = send(wish_list(GOOD, OTHER, BAD)).headers["location"]
    shown = page(client.get(address + "?show=new", headers=as_member(cora) | ENGLISH))
    assert "想要一台收音机" in shown.text
    assert wishes(database) == [], "nothing before it was looked at"
    assert confirm(address).headers["location"] == address
    radio, lamp = wishes(database)
    assert (radio.status, radio.origin, radio.entered_by_id) == (Status.DRAFT, Origin.IMPORT, cora.id)
    assert (radio.category, radio.yuan, lamp.category) == (Category.ELDERLY, 120, Category.REPAIRS)
    with database.write() as session:
        assert contacts.look(session, cora.actor, wish_id=radio.id).address == "荔园3栋201"
    result = page(client.get(address, headers=as_member(cora) | ENGLISH))
    assert "comes back to you" in result.text


def test_rows_with_problems_come_back_as_a_file(client, send, confirm, cora):
    address = send(wish_list(GOOD, BAD)).headers["location"]
    for _before_and_after in range(2):
        content = client.get(address + "/problems.xlsx", headers=as_member(cora) | ENGLISH).content
        rows = list(load_workbook(io.BytesIO(content)).active.values)
        assert [row[1] for row in rows] == ["微心愿", "想要一床被子"]
        assert rows[0][-1] == "退回原因"
        assert "yuan" in rows[1][-1]
        confirm(address)


def test_twice_is_once(database, send, confirm):
    first = send(wish_list(GOOD, GOOD, OTHER)).headers["location"]
    for _twice in range(2):
        confirm(first)
    assert len(wishes(database)) == 2, "a row that stands there twice is one wish"
    again = send(wish_list(GOOD, OTHER)).headers["location"]
    confirm(again)
    assert len(wishes(database)) == 2


def test_the_same_wish_of_somebody_else_is_another(database, send, confirm):
    confirm(send(wish_list(GOOD)).headers["location"])
    other = (*GOOD[:6], "吴小妹", "13900001111", *GOOD[8:])
    confirm(send(wish_list(other)).headers["location"])
    assert len(wishes(database)) == 2


def test_a_likely_double_is_hinted_at(client, send, cora, wish):
    row = (1, "想要一台收音机听戏", "", "助老", "", "", "", "", "", "")
    address = send(wish_list(row)).headers["location"]
    assert wish.code in page(client.get(address, headers=as_member(cora) | ENGLISH)).text


def test_nothing_of_people_stands_in_clear_while_it_waits(database, send):
    send(wish_list(GOOD, BAD))
    with database.read() as session:
        everything = "\n".join(
            str(row) for table in Base.metadata.sorted_tables for row in session.execute(text(f"SELECT * FROM {table}"))
        )
    assert "周桂英" not in everything
    assert "13812345678" not in everything


@pytest.mark.parametrize("act", ["", "/confirm", "/discard", "/problems.xlsx"])
def test_an_upload_belongs_to_who_uploaded_it(client, database, send, sam, oscar, act):
    address = send(wish_list(GOOD)).headers["location"]
    for person in (sam, oscar):
        method = "GET" if act in ("", "/problems.xlsx") else "POST"
        answer = client.request(method, address + act, headers=as_member(person))
        assert answer.status_code in (303, 404)
    with database.read() as session:
        assert session.query(Upload).count() == 1
    assert wishes(database) == []


def test_members_do_not_come_in(client, alice, community):
    assert client.get("/wishes/imports", headers=as_member(alice)).status_code == 403


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_no_file_is_said_at_the_field(send, client, cora, community, headers):
    answer = client.post("/wishes/imports", data={"x": "y"}, headers=as_member(cora) | ENGLISH | headers)
    read = fragment if headers else page
    assert "file" in errors(read(answer, 422))


def test_who_has_two_communities_chooses(given, client, send, sam, branch, community):
    given(make_community, branch, name="榕岸社区")
    assert "community_id" in errors(page(send(wish_list(GOOD), sam), 422))
    assert send(wish_list(GOOD), sam, community_id=str(community.id)).status_code == 303


def test_what_waits_is_forgotten_after_a_day(given, database, send):
    send(wish_list(GOOD))
    assert given(imports.forget_old, clock.now() + timedelta(hours=23)) == 0
    assert given(imports.forget_old, clock.now() + timedelta(hours=25)) == 1


def test_the_template_is_read_as_it_is_filled_in(client, cora, community):
    answer = client.get("/wishes/imports/template.xlsx", headers=as_member(cora))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert next(cell.value for cell in sheet[1]) == "微心愿"
    with pytest.raises(UnreadableTableError):
        imports.table_of(WISH_LIST, empty_file(WISH_LIST))


def read_rows(content):
    table = imports.table_of(WISH_LIST, content)
    return [wish_row(row, table.header, TODAY) for row in table.rows]


def codes(*cells, headings=HEADINGS):
    (row,) = read_rows(wish_list(cells, headings=headings))
    return {problem.code for problem in row.problems}


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        (1, "", ProblemCode.NO_WISH),
        (2, "字" * 301, "too_long"),
        (3, "助困", ProblemCode.NOT_AGREED_SENSITIVE),
        (4, "-5", ProblemCode.BAD_YUAN),
        (4, "999999", ProblemCode.BAD_YUAN),
        (5, "不急", ProblemCode.BAD_DAY),
        (5, "2026-11-21", ProblemCode.DAY_PASSED),
        (7, "看微信", ProblemCode.BAD_PHONE),
        (9, "否", ProblemCode.NOT_AGREED),
    ],
)
def test_each_problem_has_its_name(place, cell, code):
    cells = list(GOOD)
    assert codes(*cells) == set()
    cells[place] = cell
    assert codes(*cells) == {code}


def test_a_child_needs_its_guardian():
    headings = (*HEADINGS, "未满14周岁", "监护人同意")
    assert codes(*GOOD, "是", "", headings=headings) == {ProblemCode.NO_GUARDIAN}
    assert codes(*GOOD, "是", "是", headings=headings) == set()


def test_other_headings_long_wishes_and_names_in_them():
    content = wish_list(
        ("荔园社区微心愿征集表",),
        ("编号", "心愿内容", "心愿人", "手机", "是否同意", "备注"),
        (1, "周桂英老人独自生活，" + "想有人每周来说说话，" * 4, "周桂英", 13812345678, "√", "x"),
        headings=("附件1", *[""] * 5),
    )
    (row,) = read_rows(content)
    assert row.problems == ()
    assert row.entry.title == "〔…〕老人独自生活"
    assert row.entry.need.startswith("〔…〕老人独自生活，想有人")
    assert row.entry.phone == "13812345678"
    assert imports.table_of(WISH_LIST, content).header.unread == ("编号", "备注")


def test_too_long_a_list_is_refused():
    with pytest.raises(UnreadableTableError, match="too_many_rows"):
        imports.table_of(WISH_LIST, wish_list(*[OTHER] * (MOST_ROWS + 1)))
