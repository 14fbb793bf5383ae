"""What all lists that are brought in have in common: the same pages, the same life, the same end."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core import clock, sealing
from app.features.imports.models import Upload, UploadPart
from app.features.roster.listing import ROSTER
from app.features.shows.duties.imports.listing import DUTY_LIST
from app.features.wishes.imports.listing import WISH_LIST
from tests.features.roster.makers import roster_file
from tests.features.shows.duties.imports.makers import duty_file
from tests.features.wishes.imports.makers import HEADINGS, wish_list
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

ALL = {
    ROSTER.name: (ROSTER, "sam", lambda count: roster_file(*((f"人{n}", "", f"1370000{n:04}") for n in range(count)))),
    DUTY_LIST.name: (DUTY_LIST, "sam", lambda count: duty_file(*(("艾莉", f"事项{n}", "年底") for n in range(count)))),
    WISH_LIST.name: (
        WISH_LIST,
        "cora",
        lambda count: wish_list(*((n, f"修第{n}盏灯", *("",) * (len(HEADINGS) - 2)) for n in range(count))),
    ),
}
pytestmark = pytest.mark.parametrize("name", ALL)


@pytest.fixture
def brings(request, client, name, community, alice):
    """Brings a list of so many good rows, or another content; gives the answer, its kind and who brought it."""
    kind, who, make = ALL[name]
    person = request.getfixturevalue(who)
    if not sealing.has_key():
        sealing.make_key()

    def send(content, headers=None):
        content = make(content) if isinstance(content, int) else content
        headers = as_member(person) | ENGLISH | (headers or {})
        return client.post(kind.address, files={"file": ("名单.xlsx", content)}, headers=headers)

    return send, kind, person


def test_a_long_preview_has_pages_of_a_hundred(client, brings):
    send, _kind, person = brings
    address = send(150).headers["location"]
    for number, rows in ((1, 100), (2, 50)):
        shown = page(client.get(f"{address}?show=new&page={number}", headers=as_member(person) | ENGLISH))
        assert len(shown.select("main ul.rows > li")) == rows


@pytest.mark.parametrize(("headers", "read"), [({}, page), (HTMX, fragment)], ids=["plain", "htmx"])
def test_what_waits_is_listed_after_a_refusal_too(brings, headers, read):
    send, _kind, _person = brings
    address = send(1).headers["location"]
    refused = read(send(b"PK\x03\x04 broken", headers), 422)
    assert "damaged" in errors(refused)["file"]
    assert refused.find("a", href=address)


def test_what_is_old_is_forgotten_when_the_next_comes(brings, database):
    send, _kind, _person = brings
    send(1)
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        send(1)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == 1


def test_only_who_brought_it_reads_confirms_or_forgets_it(client, brings, dora, olga, admin):
    send, _kind, _person = brings
    address = send(1).headers["location"]
    for other in (dora, olga, admin):
        for method, path in (("get", ""), ("get", "/problems.xlsx"), ("post", "/confirm"), ("post", "/read")):
            answer = client.request(method, address + path, headers=as_member(other))
            assert answer.status_code in {403, 404}, (other.name, path)


def test_every_value_that_will_be_written_is_shown(client, brings):
    send, kind, person = brings
    contents = {
        ROSTER.name: roster_file(
            ("甲", "", "13700000001", "女", "1980-05-06", "2005-07", "是", "科长", "借调"),
            headings=("姓名", "支部", "手机", "性别", "出生日期", "入党时间", "是否预备党员", "职务", "备注"),
        ),
        DUTY_LIST.name: duty_file(
            ("艾莉", "事项", "2026-12-30", "党务", "支部年度计划", "每月"),
            headings=("责任人", "工作事项", "完成时限", "类别", "依据", "频次"),
        ),
        WISH_LIST.name: wish_list((1, "修楼道灯", "三楼", "家政维修", "120", "年底", "", "", "", "是")),
    }
    shown = {
        ROSTER.name: ("137", "女", "1980-05-06", "2005-07", "是", "科长", "借调", "exempt"),
        DUTY_LIST.name: ("艾莉", "事项", "30 Dec", "Party", "支部年度计划", "every month"),
        WISH_LIST.name: ("修楼道灯", "三楼", "repairs", "120", "31 Dec", "contact"),
    }
    address = send(contents[kind.name]).headers["location"]
    words = page(client.get(address, headers=as_member(person) | ENGLISH)).get_text(" ", strip=True).casefold()
    assert [word for word in shown[kind.name] if word.casefold() not in words] == []


def test_nothing_is_left_of_a_confirmed_list_but_numbers(client, brings, database):
    send, _kind, person = brings
    address = send(3).headers["location"]
    assert client.post(f"{address}/confirm", headers=as_member(person)).status_code == 303
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(UploadPart)) == 0
        assert session.scalars(select(Upload.outcome)).one() == {"new": 3, "changed": 0, "same": 0, "returned": 0}
