"""The system administrator loads a year's list; nobody else sees the page."""

from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook

from app.features.holidays.service import loaded_days
from app.features.members.rules import Role
from tests.features.holidays.makers import LIST, PASTED, SPRING, load
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, page

PAGE = "/system/holidays"
pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def in_november():
    with time_machine.travel("2026-11-29 10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def admin(given, branch, committee):
    """Who looks after the machine."""
    return given(make_member, branch, "纪炳", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)


@pytest.fixture
def send(client, admin):
    """Sends a form to one of the pages as the administrator; gives the answer."""

    def post(address, headers=None, **fields):
        return client.post(address, headers=as_member(admin) | ENGLISH | (headers or {}), **fields)

    return post


def look(client, person, address=PAGE):
    return page(client.get(address, headers=as_member(person) | ENGLISH)).main.get_text(" ", strip=True)


def days(database):
    with database.read() as session:
        return loaded_days(session, 2027)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_rows_are_pasted_looked_at_and_confirmed(client, database, admin, send, headers, status):
    sent = send(f"{PAGE}/load", headers, data={"text": PASTED + "春节\t2月8日\t放假\n"})
    assert sent.status_code == status
    (address,) = upload_addresses(client, admin)
    assert days(database) == {}
    preview = look(client, admin, address)
    assert "is no whole day" in preview
    assert "has about thirty days off, and this one has 8" in preview
    confirmed = send(f"{address}/confirm", headers)
    assert confirmed.status_code == status
    assert days(database) == dict(LIST)
    send(f"{address}/confirm", headers)  # once more changes nothing
    shown = look(client, admin)
    assert f"by {admin.name}" in shown
    assert "Weekends worked 31 Jan" in shown
    assert "as the product knows it" in shown  # of this year


def upload_addresses(client, person):
    links = page(client.get(f"{PAGE}/load", headers=as_member(person))).select(f"a[href^='{PAGE}/load/']")
    return [str(link["href"]) for link in links]


def test_a_file_takes_the_place_of_the_list_and_says_what_goes(client, database, given, admin, send):
    given(load)
    content = f"日期,安排\n{SPRING[0]},放假\n{SPRING[1]},上班\n".encode("gbk")
    address = send(f"{PAGE}/load", files={"file": ("安排.csv", content)}).headers["location"]
    preview = look(client, admin, address)
    assert "7 days of the list loaded before are not in this one and would go" in preview
    assert "off → working day" in preview
    send(f"{address}/confirm")
    assert {day.isoformat(): str(kind) for day, kind in days(database).items()} == {
        "2027-02-05": "off",
        "2027-02-06": "working",
    }


def test_rows_that_came_back_are_added(client, database, given, admin, send):
    given(load)
    text = "日期,安排\n2027-04-05,放假\n2027-02-30,放假\n"
    address = send(f"{PAGE}/load", data={"text": text, "adds": "yes"}).headers["location"]
    send(f"{address}/confirm")
    assert len(days(database)) == len(LIST) + 1
    back = client.get(f"{address}/problems.xlsx", headers=as_member(admin) | ENGLISH).content
    assert [cell.value for cell in load_workbook(BytesIO(back)).active[2]][:2] == ["2027-02-30", "放假"]


def test_what_cannot_be_read_is_refused_with_a_sentence(send):
    assert "日期" in errors(page(send(f"{PAGE}/load", data={"text": "下一年的放假安排还没有定"}), status=422))["text"]


def test_the_product_s_own_list_is_named_before_it_is_replaced(client, admin, send):
    address = send(f"{PAGE}/load", data={"text": "日期,安排\n2026-10-05,放假\n"}).headers["location"]
    assert "The product knows the list of 2026. This one would take its place." in look(client, admin, address)


def test_nobody_else_gets_in(client, database, alice, sam, carl):
    for person in (alice, sam, carl):
        assert client.get(PAGE, headers=as_member(person)).status_code == 403
        sent = client.post(f"{PAGE}/load", data={"text": PASTED}, headers=as_member(person))
        assert sent.status_code == 403
    assert days(database) == {}
