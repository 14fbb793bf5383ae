"""A long roster is taken in part by part: a bar, no long hold, and whoever stops it loses nothing."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import clock
from app.features.imports import service as imports
from app.features.imports import taking
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.roster import service
from app.features.roster.importer import importer
from app.features.roster.rules import Plan
from tests.features.members.makers import make_business_administrator
from tests.features.roster.makers import ROSTER, import_file, roster_file
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page

PEOPLE = tuple((f"人{n}", "", f"1370000{n:04}") for n in range(5))
"""Three parts of two."""


@pytest.fixture(autouse=True)
def short_parts(monkeypatch):
    monkeypatch.setattr(imports, "ROWS_IN_A_PART", 2)


@pytest.fixture
def admin(given, branch, committee):
    return given(make_business_administrator, branch, committee)


@pytest.fixture
def brought(client):
    """Brings a file and has it read; gives its address."""

    def bring(person, content, **fields):
        answer = client.post("/roster", files={"file": ("名册.xlsx", content)}, data=fields, headers=as_member(person))
        client.post(f"{answer.headers['location']}/read", headers=as_member(person))
        return answer.headers["location"]

    return bring


def people(database):
    with database.read() as session:
        rows = session.execute(
            select(Member.name, Member.phone, Member.post, Member.note, Organisation.name, RoleTerm.role)
            .join(Organisation, Organisation.id == Member.branch_id)
            .outerjoin(RoleTerm, (RoleTerm.member_id == Member.id) & RoleTerm.ends_on.is_(None))
            .order_by(Member.name, Member.phone, RoleTerm.role)
        )
        return [tuple(row) for row in rows]


def test_with_a_bar_it_goes_part_by_part_and_stopping_loses_nothing(client, database, brought, sam):
    address = brought(sam, roster_file(*PEOPLE))
    before = people(database)
    client.post(f"{address}/confirm", headers=as_member(sam) | HTMX)
    assert len(people(database)) == len(before) + 2  # and here the browser is closed
    on_its_way = page(client.get(address, headers=as_member(sam) | ENGLISH))
    assert on_its_way.find("progress")["value"] == "2"
    assert "2 of 5 rows" in on_its_way.main.get_text()
    client.post(f"{address}/discard", headers=as_member(sam))
    next_part = fragment(client.post(f"{address}/take", headers=as_member(sam) | ENGLISH | HTMX))
    assert "4 of 5 rows" in next_part.get_text()
    for _twice in range(2):
        client.post(f"{address}/take", headers=as_member(sam) | HTMX)
    assert len(people(database)) == len(before) + 5
    done = page(client.get(address, headers=as_member(sam) | ENGLISH))
    assert [cell.get_text() for cell in done.select("main dd")] == ["5", "0", "0"]


def test_a_plain_form_waits_for_all_of_them_and_twice_is_once(client, database, brought, sam):
    address = brought(sam, roster_file(*PEOPLE))
    before = people(database)
    for _twice in range(2):
        client.post(f"{address}/confirm", headers=as_member(sam))
    assert len(people(database)) == len(before) + 5


def test_what_two_rows_of_different_parts_contradict_comes_back_as_the_preview_said(client, brought, sam):
    same = ("另一人", "", PEOPLE[0][2])
    address = brought(sam, roster_file(*PEOPLE, same))
    said = page(client.get(f"{address}?show=problem", headers=as_member(sam) | ENGLISH)).select("main li.row")
    client.post(f"{address}/confirm", headers=as_member(sam))
    back = page(client.get(address, headers=as_member(sam) | ENGLISH)).select("main li.row")
    assert len(said) == len(back) > 0


def test_two_of_one_name_come_in_however_far_apart_they_stand(client, database, brought, sam):
    """Alone, the first row would give the other one's number to who is there already."""
    client.post(f"{brought(sam, roster_file(('王伟', '', '13711110000')))}/confirm", headers=as_member(sam))
    address = brought(sam, roster_file(("王伟", "", "13722220000"), *PEOPLE, ("王伟", "", "13711110000")))
    assert len(page(client.get(f"{address}?show=new", headers=as_member(sam))).select("main li.row")) == 6
    client.post(f"{address}/confirm", headers=as_member(sam))
    assert [row[1] for row in people(database) if row[0] == "王伟"] == ["13711110000", "13722220000"]
    done = page(client.get(address, headers=as_member(sam) | ENGLISH))
    assert [cell.get_text() for cell in done.select("main dd")] == ["6", "0", "1"]
    assert done.select("main li.row") == []


def test_a_row_that_waits_leaves_its_namesake_as_it_was_shown(
    client, database, brought, branch, other_branch, committee, sam, given
):
    """The known one waits for a post that a later row gives up. Alone, the new one would be taken for the known one."""
    admin = given(make_business_administrator, other_branch, committee)
    known, new = "13711110000", "13722220000"
    client.post(f"{brought(admin, roster_file(('王伟', branch.name, known)))}/confirm", headers=as_member(admin))
    wants = (
        ("王伟", branch.name, known, "", "支部书记"),
        ("王伟", branch.name, new),
        *((name, branch.name, phone) for name, _branch, phone in PEOPLE),
        (sam.name, branch.name, sam.phone, "", "党员"),
    )
    address = brought(admin, roster_file(*wants))
    client.post(f"{address}/confirm", headers=as_member(admin) | HTMX)
    assert [row[1] for row in people(database) if row[0] == "王伟"] == [known]  # both wait
    client.post(f"{address}/take", headers=as_member(admin))
    assert [(row[1], row[5]) for row in people(database) if row[0] == "王伟"] == [(known, "secretary"), (new, None)]


def test_a_row_that_somebody_changed_meanwhile_comes_back(client, database, brought, sam, given):
    """It is never done otherwise than it was shown."""
    address = brought(sam, roster_file(*PEOPLE))
    client.post(f"{address}/confirm", headers=as_member(sam) | HTMX)
    last = roster_file(("另一人", "", PEOPLE[4][2]))
    client.post(f"{brought(sam, last)}/confirm", headers=as_member(sam))
    client.post(f"{address}/take", headers=as_member(sam))
    back = page(client.get(address, headers=as_member(sam) | ENGLISH)).select("main li.row")
    assert len(back) == 1
    assert "something else than you were shown" in back[0].get_text()
    assert PEOPLE[4][0] not in [row[0] for row in people(database)]


def test_what_is_half_in_is_kept_a_day_after_the_last_part(client, database, brought, sam):
    address = brought(sam, roster_file(*PEOPLE))
    for hours in (20, 40):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            client.post(f"{address}/{'confirm' if hours == 20 else 'take'}", headers=as_member(sam) | HTMX)
    with database.write() as session:
        assert imports.forget_old(session, clock.now() + timedelta(hours=63)) == 0
        assert imports.forget_old(session, clock.now() + timedelta(hours=65)) == 1


def test_a_list_of_which_nothing_is_in_yet_may_still_be_left(client, database, brought, sam, monkeypatch):
    address = brought(sam, roster_file(*PEOPLE))
    monkeypatch.setattr(taking, "go_on", lambda *_args, **_kwargs: None)  # the server ends here
    client.post(f"{address}/confirm", headers=as_member(sam) | HTMX)
    client.post(f"{address}/discard", headers=as_member(sam))
    assert client.get(address, headers=as_member(sam)).status_code == 404


def test_a_reason_is_said_once(client, brought, admin):
    address = brought(admin, roster_file(*((name, "无此支部", phone) for name, _branch, phone in PEOPLE)))
    client.post(f"{address}/confirm", headers=as_member(admin))
    back = page(client.get(address, headers=as_member(admin) | ENGLISH)).select("main li.row")
    assert [row.get_text().count("无此支部") for row in back] == [1] * len(PEOPLE)


def test_parts_come_to_what_one_piece_comes_to(client, database, brought, admin):
    """The roster as an organ keeps it, with all its troubles."""
    content = ROSTER.read_bytes()
    with database.write() as session:
        whole: Plan = import_file(session, content, importer(admin.actor), create_branches=True)
        session.flush()
        counted = {row.verdict.value for row in whole.rows}
        session.rollback()
    address = brought(admin, content, create_branches="true")
    client.post(f"{address}/confirm", headers=as_member(admin))
    in_parts = people(database)
    with database.read() as session:
        again = service.plan(session, importer(admin.actor), [row.row for row in whole.rows], create_branches=True)
    good = [row for row in whole.rows if row.verdict.value != "problem"]
    assert counted >= {"new"}
    assert len(in_parts) >= len(good)
    assert [row.verdict.value for row in again.rows if row.verdict.value not in {"same", "problem"}] == []


def test_nobody_else_goes_on_with_it(client, brought, sam, dora, olga):
    address = brought(sam, roster_file(*PEOPLE))
    client.post(f"{address}/confirm", headers=as_member(sam) | HTMX)
    for other in (dora, olga):
        assert client.post(f"{address}/take", headers=as_member(other)).status_code in {403, 404}
