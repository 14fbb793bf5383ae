"""A file with every trouble that exports have, read twice; and files that mean harm."""

import io
import zipfile
from datetime import date
from functools import partial
from uuid import UUID

import pytest
import time_machine
from openpyxl import Workbook

from app.core.tables import UnreadableTableError, read_book
from app.features.education import sources
from app.features.imports import service as imports
from app.features.imports.models import UploadPart
from app.features.study.lists.listing import HOURS
from app.features.study.lists.mapping import table_in
from app.features.study.lists.rules import MOST_ROWS
from tests.features.study.lists import ADDRESS, HTMX, Bringing, xlsx
from tests.makers import ENGLISH, as_member, make_member
from tests.page import errors, page

HEADINGS = ("序号", "姓名", "手机号", "工号", "完成日期", "课程名称", "学时", "本月积分", "排名", "连续登录天数")
MEANS = ("-", "name", "phone", "number", "day", "title", "hours")
SECRET = 98761


@pytest.fixture(autouse=True)
def on_a_may_morning():
    with time_machine.travel("2026-05-20 10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def at(client):
    return partial(Bringing, client)


def workbook(rows, *, above=()):
    """A workbook as other systems write it: titles over joined cells, a hidden sheet, a second sheet of notes."""
    book = Workbook()
    sheet = book.active
    sheet.title = "明细"
    for line in (*above, HEADINGS, *rows):
        sheet.append(list(line))
    for number, _line in enumerate(above, 1):
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(HEADINGS))
    hidden = book.create_sheet("底稿")
    hidden.append(list(HEADINGS))
    hidden.append([1, "不该读", "13900000000", "", date(2026, 3, 5), "底稿", 8, 1, 1, 1])
    hidden.sheet_state = "hidden"
    book.create_sheet("说明").append(["本表由系统导出"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def troubled(alice, bob, given, branch):
    """Each row with what becomes of it."""
    given(make_member, branch, "李伟", phone="13900009001")
    given(make_member, branch, "李伟", phone="13900009002")
    given(make_member, branch, "文字", phone="13900009003", member_number="GH-7")
    rows = [
        ("new", alice.name, float(alice.phone), "", date(2026, 3, 5), "党史", "2", "120"),
        ("new", alice.name, f"'{alice.phone}", "", "2026.3.6", "党史", "１.５", "90"),
        ("new", alice.name, f"+86 {alice.phone[:3]}-{alice.phone[3:]}", "", "2026年3月7日", "党史", "90分钟", "90"),
        ("new", "", f"{alice.phone}.0", "", "20260308", "党史", "1小时30分", "90"),
        ("new", "文 字", "", "gh-7".upper(), "2026-03", "党史", " 30学时 ", "1800"),
        ("new", bob.name, "", "", 46091, "党史", "1:30", "90"),
        ("same_name", "李伟", "", "", "2026-03-05", "党史", 2, ""),
        ("new", "李伟", "13900009002", "", "2026-03-05", "党史", 2, "120"),
        ("unknown", "外人", "", "", "2026-03-05", "党史", 2, ""),
        ("other_number", bob.name, "13811112222", "", "2026-03-05", "党史", 2, ""),
        ("other_person", bob.name, alice.phone, "", "2026-03-05", "党史", 2, ""),
        ("future", bob.name, "", "", "2026-06-01", "党史", 2, ""),
        ("no_day", bob.name, "", "", "", "党史", 2, ""),
        ("bad_day", bob.name, "", "", "三月上旬", "党史", 2, ""),
        ("bad", bob.name, "", "", "2026-03-05", "党史", "约2小时", ""),
        ("bad", bob.name, "", "", "2026-03-05", "党史", "2-3", ""),
        ("bad", bob.name, "", "", "2026-03-05", "党史", "-1", ""),
        ("bad", bob.name, "", "", "2026-03-05", "党史", "NaN", ""),
        ("none", bob.name, "", "", "2026-03-05", "党史", "", ""),
        ("day_full", bob.name, "", "", "2026-03-05", "党史", 25, ""),
        ("year_full", bob.name, "", "", "2026-03-05", "党史", "51天", ""),
        ("new", bob.name, "", "", "2026-04-01", "长班", "4天", "1920"),
        ("twice", bob.name, "", "", "2026-04-01", "长 班", "4天", ""),
        ("skipped", bob.name, "", "", "2026-03-05", "党史", 0, ""),
        ("skipped", "小 计", "", "", "", "", 99, ""),
        ("skipped", "", "", "", "合计：", "", 99, ""),
    ]
    lines = [(number, *row[1:7], SECRET, 3, SECRET) for number, row in enumerate(rows, 1)]
    return rows, workbook(lines, above=[("2026年上半年学习积分排名表",), ("导出时间：2026-05-19",)])


def test_each_trouble_has_its_outcome_and_the_file_twice_is_once(at, sam, dora, alice, bob, given, branch, database):
    rows, content = troubled(alice, bob, given, branch)
    address = at(sam).send(content)
    assert at(sam).say(address, MEANS).status_code == 303
    wanted = [row[0] for row in rows]
    new, skipped = wanted.count("new"), wanted.count("skipped")
    counts = f"Problems {len(rows) - new - skipped} New {new} There already 0 Skipped {skipped}"
    shown = at(sam).look(address, "problem")
    assert counts in shown
    for sentence in (
        "2 people are called “李伟”",
        "“外人” is nobody whose hours you bring in",
        f"“{bob.name}” is known under another mobile number",
        f"“{bob.name}” and the number do not belong to one person",
        "This day has not come yet",
        "No day is written",
        "“三月上旬” is no day and no month",
        "“约2小时” is no amount",
        "“2-3” is no amount",
        "“-1” is no amount",
        "“NaN” is no amount",
        "No amount is written",
        "more than 24 hours a day",
        "more than 400 education hours",
        "says the same already",
        "Hidden sheets, not read 底稿",
        "Left unread: 本月积分, 排名, 连续登录天数",
    ):
        assert sentence in shown, sentence
    with database.read() as session:
        assert str(SECRET) not in str([part.cells for part in session.query(UploadPart)])
    at(dora).confirm(at(sam).hand_in(address))
    with database.read() as session:
        taken = sources.of_year(session, [alice.id, bob.id], 2026)
    assert [one.entry.minutes for one in taken[alice.id]] == [120, 90, 90, 90]
    assert [one.entry.minutes for one in taken[bob.id]] == [90, 1920]
    again = at(sam).send(content)
    known = new + wanted.count("twice")
    counts = f"Problems {len(rows) - known - skipped} New 0 There already {known} Skipped {skipped}"
    assert counts in at(sam).look(again, "same")


def test_who_is_named_by_a_number_is_no_row_of_totals(at, sam, alice):
    address = at(sam).send(xlsx(("", alice.phone, "2026-03-05", "平均主义批判", 2, 1), ("", "合计", "", "", 2, 1)))
    at(sam).say(address)
    assert "Problems 0 New 1 There already 0 Skipped 1" in at(sam).look(address)


def test_what_excel_left_of_a_number_names_nobody_by_itself(at, sam, alice, given, branch):
    given(make_member, branch, "整号", phone="13800000000")
    rows = [(name, "1.38E+10", "2026-03-05", "党史", 2, 1) for name in ("", "整号", alice.name)]
    address = at(sam).send(xlsx(*rows))
    at(sam).say(address)
    assert "Problems 1 New 2" in at(sam).look(address, "new")
    assert alice.name in at(sam).look(address, "new")


def part_of(name, content):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, content)
    return kept.getvalue()


def changed(find, put, *, more=None):
    """A good workbook with something in its XML that no program of an honest person writes."""
    good = xlsx(("艾莉", "13800000000", "2026-03-05", "党史", 2, 1))
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(find, put, 1)
                assert put in text
            archive.writestr(name, text)
        for name, text in (more or {}).items():
            archive.writestr(name, text)
    return kept.getvalue()


ROWS = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(3, 40_000))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (part_of("xl/worksheets/sheet1.xml", b" " * (51 * 1024 * 1024)), "unpacks to more than 50 MB"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        (changed(b"</sheetData>", ROWS + b"</sheetData>"), "more than 20000 rows"),
        (xlsx(*[("艾莉", "", "2026-03-05", "党史", 2, 1)] * (MOST_ROWS + 1)), "more than 5000 rows"),
        (b"PK\x03\x04 broken", "damaged or is no table"),
        (b"MZ\x90\x00" + b"\x00" * 300, "damaged or is no table"),
        (part_of("word/document.xml", b"<w/>"), "no workbook that can be read"),
        (part_of("xl/workbook.bin", b"x"), "no workbook that can be read"),
        ("姓名\n艾莉\n".encode(), "No headings were found"),
        ("姓名,学时\n".encode(), "Nothing stands below the headings"),
    ],
    ids=["bomb", "large", "rows", "list", "broken", "program", "document", "binary", "one column", "empty"],
)
def test_a_hostile_file_is_refused_in_one_sentence(client, sam, content, sentence):
    answer = client.post(ADDRESS, files={"file": ("x.xlsx", content)}, headers=ENGLISH | as_member(sam))
    assert answer.status_code in (413, 422)
    assert sentence in errors(page(answer, answer.status_code))["file"]


def test_a_sheet_of_a_million_blank_rows_is_read_for_what_it_holds():
    content = changed(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    try:
        rows = table_in(read_book(content)).rows
    except UnreadableTableError:
        return  # refused in one sentence is as good
    assert len(rows) <= 2


def test_formulas_links_and_macros_are_only_what_the_file_says_they_came_to(at, sam, alice, database):
    found = b'<c r="E2"><v>2</v></c>'
    content = changed(
        found,
        b'<c r="E2"><f>HYPERLINK("http://example.invalid/"&amp;B2)+[1]Sheet1!A1</f><v>3</v></c>',
        more={
            "xl/vbaProject.bin": b"Sub Auto_Open()",
            "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"><externalBook/></externalLink>',
        },
    )
    rows = table_in(read_book(content)).rows
    assert rows[0].cells[4] == 3
    bare = changed(found, b'<c r="E2"><f>SUM(A1:A9)</f></c>')
    address = at(sam).send(bare)
    at(sam).say(address, ("name", "phone", "day", "title", "hours"))
    assert "stands a formula without its result" in at(sam).look(address)


def test_signs_that_nobody_sees_change_no_name_and_no_page(at, sam, alice, database):
    hidden = "\u202e\u2066\u200b\x00"
    typed = f"{alice.name[0]}{hidden}{alice.name[1:]},2026-03-05,<script>党史\u202e\u2069,2"
    with pytest.raises(UnreadableTableError):
        read_book(f"姓名,日期,内容,学时\n{typed}\n".encode())  # NUL is no sign of a table
    address = at(sam).send(f"姓名,日期,内容,学时\n{typed}\n".replace("\x00", "").encode())
    at(sam).say(address, ("name", "day", "title", "hours"))
    shown = at(sam).client.get(address, headers=at(sam).headers).text
    assert "New 1" in page(at(sam).client.get(address, headers=at(sam).headers)).get_text(" ", strip=True)
    assert not {"\u202e", "\u2066", "\u2069", "\u200b"} & set(shown)
    assert "&lt;script&gt;党史" in shown


def test_columns_below_a_joined_heading_of_points_are_left_out_too():
    book = Workbook()
    sheet = book.active
    for line in (("姓名", "学时", "积分", "", "日期"), ("", "", "本月", "累计", ""), ("艾莉", 2, 77, 88, "2026-03-05")):
        sheet.append([cell or None for cell in line])
    sheet.merge_cells("C1:D1")
    kept = io.BytesIO()
    book.save(kept)
    found = table_in(read_book(kept.getvalue()))
    assert "77" not in str(found.rows)
    assert "88" not in str(found.rows)


def test_a_large_file_is_read_in_portions_that_the_page_shows(at, sam, alice, database):
    days = [date(2026, 1 + n // 28 % 4, 1 + n % 28) for n in range(620)]
    content = xlsx(*((alice.name, "", day, f"第{n}课", "1分钟", 1) for n, day in enumerate(days)))
    address = at(sam).send(content)
    at(sam).say(address)
    assert "0 of 620 rows read" in at(sam).look(address)
    part = at(sam).client.post(f"{address}/read", headers=at(sam).headers | HTMX)
    assert "500 of 620 rows read" in part.text
    at(sam).client.post(f"{address}/read", headers=at(sam).headers)
    assert "New 620" in at(sam).look(address)
    with database.write() as session:
        upload = imports.upload_of(session, sam.actor, HOURS, UUID(address.rsplit("/", 1)[1]))
        assert upload.row_count == 620
