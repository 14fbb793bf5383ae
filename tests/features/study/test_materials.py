"""Materials: a text, a link or a file of a few kinds; who reads them, and that nobody notes who did."""

import pytest
import time_machine
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.members.models import AuditEntry
from app.features.study.materials.models import Material, MaterialFile
from app.features.study.materials.rules import MOST_BYTES, is_link, own_name
from app.features.study.plan import queries as plans
from tests.features.study.plans import NOVEMBER, NOW, make_item, make_material
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, page

HOME = "/study/materials"
PDF = b"%PDF-1.7 invented"


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOW, tick=False):
        yield


def put(client, person, file=None, headers=None, **typed):
    form = {"id": str(new_id()), "title": "总纲导读"} | typed
    files = {"file": file} if file else {"file": ("", b"")}
    return client.post(HOME, data=form, files=files, headers=ENGLISH | as_member(person) | (headers or {}))


def count(database, table):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_sam_puts_a_text_there_and_twice_is_once(client, database, sam, alice, headers):
    form = {"id": str(new_id()), "body": "第一段。\r\n第二段 <b>。", "licence": "本支部整理"}
    for _twice in range(2):
        put(client, sam, headers=headers, **form)
    assert count(database, Material) == 1
    soup = page(client.get(f"{HOME}/{form['id']}", headers=ENGLISH | as_member(alice)))
    assert [p.get_text() for p in soup.select("article p")][:2] == ["第一段。", "第二段 <b>。"]
    assert "本支部整理" in soup.get_text()
    assert soup.select_one("keep-page")["data-pages"] == f"{HOME}/{form['id']}"


def test_a_file_comes_back_under_its_name_and_nobody_notes_who_took_it(client, database, sam, alice):
    put(client, sam, ("C:\\资料\\总纲 导读.pdf", PDF, "text/html"), id=str(new_id()))
    (link,) = [
        one["href"] for one in page(client.get(put_address(database), headers=as_member(alice))).select("article a")
    ]
    noted = count(database, AuditEntry)
    answer = client.get(link, headers=as_member(alice))
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"  # by its name and beginning, never as it was sent
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-member"] == str(alice.id)
    assert "content-disposition" not in answer.headers
    assert count(database, AuditEntry) == noted
    assert client.get(link.replace("pdf", "html"), headers=as_member(alice)).status_code == 404


def put_address(database):
    with database.read() as session:
        return f"{HOME}/{session.scalars(select(Material.id)).one()}"


@pytest.mark.parametrize(
    ("typed", "file", "field", "sentence"),
    [
        ({}, None, "body", "one of the three"),
        ({"body": "文", "address": "https://example.cn"}, None, "body", "one of the three"),
        ({"address": "javascript:alert(1)"}, None, "address", "https://"),
        ({}, ("宏.docm", b"PK\x03\x04", "x"), "file", "cannot be taken"),
        ({}, ("旧.doc", b"\xd0\xcf\x11\xe0", "x"), "file", "cannot be taken"),
        ({}, ("网页.pdf", b"<html>", "application/pdf"), "file", "cannot be taken"),
        ({}, ("大.pdf", PDF + bytes(MOST_BYTES), "application/pdf"), "file", "larger than 10 MB"),
        ({"body": "文" * 20_001}, None, "body", "at most 20000"),
    ],
)
def test_what_is_no_material_is_refused_and_the_rest_stays(client, database, sam, typed, file, field, sentence):
    answer = put(client, sam, file, licence="某网站", **typed)
    soup = page(answer, answer.status_code)
    assert answer.status_code in {400, 422}
    assert sentence in errors(soup)[field]
    assert soup.select_one("#licence")["value"] == "某网站"
    assert count(database, Material) == 0


def test_names_and_links():
    assert own_name("C:\\x\\a\tb.pdf") == "a b.pdf"
    assert own_name("文" * 200 + ".pdf") == "文" * 116 + ".pdf"
    assert is_link("https://www.12371.cn/a?b=1")
    assert not any(
        map(is_link, ("www.12371.cn", "ftp://x.cn", "https://", 'https://x.cn/" onclick=', "data:text/html,x"))
    )


def test_the_committee_s_materials_are_read_below_and_a_branch_s_only_there(client, given, sam, alice, olga, carl):
    (led,) = carl.actor.leads
    above, own = given(make_material, carl, "全会公报", owner_id=led), given(make_material, sam)
    for person, readable in ((alice, {above, own}), (olga, {above})):
        listed = page(client.get(HOME, headers=as_member(person))).select("#material-list a")
        assert {one["href"] for one in listed} == {f"{HOME}/{one}" for one in readable}
    assert client.get(f"{HOME}/{own}", headers=as_member(olga)).status_code == 404
    for person in (sam, alice):
        assert client.post(f"{HOME}/{above}/remove", headers=as_member(person)).status_code in {403, 404}
    searched = page(client.get(f"{HOME}?q=公报", headers=as_member(alice)))
    assert len(searched.select("#material-list a")) == 1


def test_it_is_put_beside_the_item_that_asked_for_it_and_gone_with_a_tap(client, given, database, sam, alice, oscar):
    item = given(make_item, sam)
    answer = put(client, sam, ("a.pdf", PDF, "application/pdf"), item_id=str(item))
    assert answer.headers["location"] == f"/study/plan/items/{item}"
    with database.read() as session:
        (row,) = plans.of_month(session, [sam.branch_id], NOVEMBER)
    (material,) = row.materials
    assert put(client, oscar, body="文", item_id=str(item)).status_code == 404
    form = {"id": str(material.id), "title": "新名", "licence": ""}
    assert client.post(f"{HOME}/{material.id}", data=form, headers=as_member(alice)).status_code == 403
    assert client.post(f"{HOME}/{material.id}", data=form, headers=as_member(sam)).status_code == 303
    assert "新名" in page(client.get("/study/plan", headers=as_member(alice))).get_text()
    client.post(f"{HOME}/{material.id}/remove", headers=as_member(sam))
    assert [count(database, table) for table in (Material, MaterialFile)] == [0, 0]
    assert "新名" not in page(client.get("/study/plan", headers=as_member(alice))).get_text()


def test_the_database_refuses_what_is_no_material(given, database, sam):
    common = {"owner_id": sam.branch_id, "title": "x", "entered_by_id": sam.id, "entered_at": NOW}
    for wrong in ({"kind": "text"}, {"kind": "link", "body": "文"}, {"kind": "file", "file_name": "a.pdf"}):
        with pytest.raises(IntegrityError), database.write() as session:
            session.execute(insert(Material), [{"id": new_id(), **common, **wrong}])
