"""A file comes in, is looked at, and is confirmed; each step as a plain form and with htmx."""

import io
from datetime import timedelta

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.core import clock
from app.core.tables import MAX_FILE_BYTES, XLSX_MEDIA_TYPE, read_book
from app.features.imports import service as imports
from app.features.imports.models import Upload, UploadPart
from app.features.members.models import Member
from tests.features.members.makers import audit_rows, make_business_administrator
from tests.features.roster.makers import ROSTER, ROSTER_BRANCHES, roster_file
from tests.makers import ENGLISH, HTMX, as_member, make_branch
from tests.page import errors, fragment, page

TWO_GOOD_ONE_BAD = (("甲", "", "13700000001", "", "", "借调"), ("乙", "", "13700000002"), ("丙", "", "137"))


@pytest.fixture
def admin(given, branch, committee):
    """Who looks after all people."""
    return given(make_business_administrator, branch, committee)


@pytest.fixture
def send(client):
    """Sends a file as somebody; gives the answer."""

    def send_file(person, content, headers=None, **fields):
        return client.post(
            "/roster",
            files={"file": ("名册.xlsx", content)},
            data=fields,
            headers=as_member(person) | ENGLISH | (headers or {}),
        )

    return send_file


@pytest.fixture
def uploaded(send, sam) -> str:
    """The address of an upload of Sam's."""
    return str(send(sam, roster_file(*TWO_GOOD_ONE_BAD)).headers["location"])


def names(database, branch):
    with database.read() as session:
        return set(session.scalars(select(Member.name).where(Member.branch_id == branch.id)))


def look(client, person, address):
    return page(client.get(address, headers=as_member(person) | ENGLISH))


def test_sam_sees_where_to_bring_a_file(client, sam, admin):
    soup = look(client, sam, "/roster")

    assert soup.find("input", {"name": "file"})
    assert not soup.find("input", {"name": "create_branches"})
    assert look(client, admin, "/roster").find("input", {"name": "create_branches"})


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ["/roster"])
def test_alice_brings_no_rosters(client, alice, method, address):
    assert client.request(method, address, headers=as_member(alice)).status_code == 403


def test_nobody_brings_rosters_without_signing_in(client):
    assert client.get("/roster").status_code in (303, 401)
    assert client.get("/roster/export.xlsx").status_code in (303, 401)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_file_is_looked_at_before_anything_is_written(client, send, sam, database, branch, headers, status):
    before = names(database, branch)
    response = send(sam, roster_file(*TWO_GOOD_ONE_BAD), headers)

    assert response.status_code == status
    address = response.headers.get("location") or response.headers["HX-Redirect"]
    soup = look(client, sam, address)
    assert "137" in soup.text
    assert "no mobile number" in soup.text
    assert look(client, sam, address + "?show=new").find(string="甲")
    assert "Import 2 members" in soup.text
    assert names(database, branch) == before


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_confirming_imports_the_good_rows_once(client, uploaded, sam, database, branch, headers, status):
    before = names(database, branch)
    for _ in range(2):
        response = client.post(uploaded + "/confirm", headers=as_member(sam) | headers)
        assert response.status_code == status

    assert names(database, branch) == before | {"甲", "乙"}
    soup = look(client, sam, uploaded)
    assert [text.text for text in soup.select("dl.dl dd")] == ["2", "0", "0"]
    assert "Row 4" in soup.text


def test_the_bad_rows_come_back_with_the_reason_before_and_after(client, uploaded, sam):
    for _ in range(2):
        response = client.get(uploaded + "/problems.xlsx", headers=as_member(sam) | ENGLISH)
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert response.headers["content-type"] == XLSX_MEDIA_TYPE
        assert [cell.value for cell in sheet[1]][-1] == "原因"
        assert sheet["A2"].value == "丙"
        assert "11 digits" in sheet[2][-1].value
        assert sheet.max_row == 2
        client.post(uploaded + "/confirm", headers=as_member(sam))


def test_corrected_rows_come_in_as_they_went_out(client, send, uploaded, sam, database, branch):
    client.post(uploaded + "/confirm", headers=as_member(sam))
    back = load_workbook(io.BytesIO(client.get(uploaded + "/problems.xlsx", headers=as_member(sam)).content))
    back.active["C2"] = "13700000003"
    corrected = io.BytesIO()
    back.save(corrected)

    address = send(sam, corrected.getvalue()).headers["location"]
    client.post(address + "/confirm", headers=as_member(sam))
    assert "丙" in names(database, branch)


def test_an_upload_is_nobody_elses(client, uploaded, dora, admin, oscar):
    for person in (dora, oscar, admin):
        for method, path in [("get", ""), ("get", "/problems.xlsx"), ("post", "/confirm"), ("post", "/read")]:
            assert client.request(method, uploaded + path, headers=as_member(person)).status_code == 404


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_file_that_is_not_wanted_is_forgotten(client, uploaded, sam, database, branch, headers, status):
    for _ in range(2):
        assert client.post(uploaded + "/discard", headers=as_member(sam) | headers).status_code == status
    assert client.get(uploaded, headers=as_member(sam)).status_code == 404
    assert not {"甲", "乙"} & names(database, branch)


def test_what_waits_is_found_again(client, uploaded, sam):
    soup = look(client, sam, "/roster")
    assert soup.find("a", href=uploaded)


def test_an_upload_is_forgotten_after_a_day(client, uploaded, sam, send, database):
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        assert not look(client, sam, "/roster").find("a", href=uploaded)
        send(sam, roster_file(*TWO_GOOD_ONE_BAD))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == 1
        assert session.scalar(select(func.count()).select_from(UploadPart)) == 1


def test_a_confirmed_upload_keeps_only_what_comes_back(client, uploaded, sam, database):
    client.post(uploaded + "/confirm", headers=as_member(sam))
    with database.read() as session:
        outcome = session.scalars(select(Upload.outcome)).one()
        (kept,) = session.scalars(select(UploadPart.cells))
    assert outcome["returned"] == 1
    assert [row["number"] for row in kept] == [4]


@pytest.mark.parametrize(("headers", "read"), [({}, page), (HTMX, fragment)], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"PK\x03\x04 broken", 422, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), 422, "password"),
        ("张三,李四\n".encode(), 422, "headings"),
        (b"x" * (MAX_FILE_BYTES + 1), 413, "larger than 10 MB"),
    ],
    ids=["broken", "protected", "no headings", "large"],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(send, sam, headers, read, content, status, says):
    soup = read(send(sam, content, headers), status)
    assert says in errors(soup)["file"]


def test_a_file_has_to_be_chosen(client, sam, admin):
    response = client.post("/roster", data={"create_branches": "yes"}, headers=as_member(admin) | ENGLISH)
    soup = page(response, 422)
    assert errors(soup)["file"] == "Please choose a file first."
    assert soup.find("input", {"name": "create_branches"}).has_attr("checked")


def test_fifty_megabytes_are_refused_at_the_door(client, sam):
    headers = as_member(sam) | {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(50 * 1024**2)}
    assert client.post("/roster", headers=headers, content=b"").status_code == 413


def test_a_large_file_is_read_in_portions_that_show(client, send, sam, monkeypatch):
    monkeypatch.setattr(imports, "ROWS_IN_A_PART", 2)
    address = send(sam, roster_file(*((f"人{n}", "", f"1370000{n:04}") for n in range(5)))).headers["location"]

    bar = look(client, sam, address).find("progress")
    assert (bar["value"], bar["max"]) == ("0", "5")
    for read in ("2", "4"):
        step = fragment(client.post(address + "/read", headers=as_member(sam) | HTMX | ENGLISH))
        assert step.find("progress")["value"] == read
    last = client.post(address + "/read", headers=as_member(sam) | HTMX)
    assert last.headers["HX-Redirect"] == address
    assert "Import 5 members" in look(client, sam, address).text


def test_without_script_one_tap_reads_all(client, send, sam, monkeypatch):
    monkeypatch.setattr(imports, "ROWS_IN_A_PART", 2)
    address = send(sam, roster_file(*((f"人{n}", "", f"1370000{n:04}") for n in range(5)))).headers["location"]

    assert client.post(address + "/read", headers=as_member(sam)).status_code == 303
    assert "Import 5 members" in look(client, sam, address).text


def test_a_long_list_has_pages(client, send, sam):
    address = send(sam, roster_file(*((f"人{n}", "", f"1370000{n:04}") for n in range(150)))).headers["location"]

    assert len(look(client, sam, address).select("main ul.rows > li")) == 100
    assert len(look(client, sam, address + "?show=new&page=2").select("main ul.rows > li")) == 50
    assert len(look(client, sam, address + "?show=problem").select("main ul.rows > li")) == 1


def test_rows_of_other_branches_do_not_drown_the_own_ones(client, send, sam, branch):
    """The list of the whole organ is no list of 47 problems: one line says what was left aside, and of whom."""
    rows = [("甲", "火星党支部", "13700000001"), ("乙", "", "137"), ("丙", "木星党支部", "13700000003")]
    address = send(sam, roster_file(*rows, ("丁", "", "13700000004"))).headers["location"]
    soup = look(client, sam, address)
    assert "2 rows are of other branches and were left aside: 木星党支部, 火星党支部" in soup.text
    assert [row.b.text for row in soup.select("main ul.rows > li")] == ["乙"]
    assert "Import 1 member" in soup.text


def test_where_every_row_names_another_branch_each_one_says_so(client, send, sam):
    """More likely the own branch is written wrongly: nothing is left aside without a word."""
    rows = [("甲", "火星党支部", "13700000001"), ("丙", "火星党支部", "13700000003")]
    soup = look(client, sam, send(sam, roster_file(*rows)).headers["location"])
    assert soup.text.count("none of the branches") == 2


def test_only_who_looks_after_all_creates_branches(client, send, sam, admin):
    rows = roster_file(("甲", "火星党支部", "13700000001"))

    assert (
        "will be created: 火星党支部"
        in look(client, admin, send(admin, rows, create_branches="yes").headers["location"]).text
    )
    assert "none of the branches" in look(client, sam, send(sam, rows, create_branches="yes").headers["location"]).text


def test_the_export_comes_back_without_a_change(client, send, given, admin):
    for name in ROSTER_BRANCHES:
        given(make_branch, name)
    client.post(send(admin, ROSTER.read_bytes()).headers["location"] + "/confirm", headers=as_member(admin))
    export = client.get("/roster/export.xlsx", headers=as_member(admin))

    assert export.headers["content-disposition"].startswith("attachment")
    soup = look(client, admin, send(admin, export.content).headers["location"])
    assert [link.text.split()[-1] for link in soup.select("main nav.seg a")] == ["0", "0", "0", "78"]


def test_sam_exports_the_own_branch(client, sam, olga, alice):
    export = client.get("/roster/export.xlsx", headers=as_member(sam))
    rows = read_book(export.content).readings[0][0].rows

    found = {row.cells[2] for row in rows[1:]}
    assert alice.name in found
    assert olga.name not in found


def test_the_template_has_all_headings_and_nobody_in_it(client, send, sam):
    template = client.get("/roster/template.xlsx", headers=as_member(sam)).content

    assert read_book(template).readings[0][0].rows[0].cells[2] == "姓名"
    assert "nobody below" in errors(page(send(sam, template), 422))["file"]


def test_a_roster_that_leaves_is_noted(client, sam, database):
    client.get("/roster/export.xlsx", headers=as_member(sam))
    with database.read() as session:
        assert "file_taken" in {action for action, _name, _words in audit_rows(session)}
