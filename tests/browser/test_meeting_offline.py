"""Meetings on phones without a network, and with 300 people by thumb. Source: domain, meetings §4; docs/sync.md."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from itertools import count
from time import monotonic
from typing import Any, Final, TypeVar
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark
from app.features.members.rules import Role
from tests.browser.helpers import axe, dress, overflow, screenshot, small_targets
from tests.browser.offline import OUTBOX, bar, network_returns, queue, rows, until, wait_for_queue
from tests.browser.progress import LOOKS
from tests.features.meetings.gatherings.makers import facts_of, make_meeting
from tests.makers import Person, make_branch, make_group, make_member
from tests.server import Server

T = TypeVar("T")
HOLD_UP: Final = """drawn => navigator.mediaDevices.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 480 });
    const brush = canvas.getContext("2d"), picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
    await picture.decode();
    setInterval(() => {
        brush.fillStyle = "white";
        brush.fillRect(0, 0, 480, 480);
        brush.drawImage(picture, 40, 40, 400, 400);
    }, 50);
    return canvas.captureStream();
}"""
"""A camera before which another phone's code is held."""
_numbers = count(1)
GIVEN: Final = "东南西北春夏秋冬山河林海"
"""Groups of 25 make a meeting of 300."""


class Gathering:
    """A branch whose secretary and deputy keep a meeting of today; its members stand in groups."""

    def __init__(self, server: Server, groups: int, of_each: int) -> None:
        self._server, self.number = server, next(_numbers)
        self.do(lambda session: self._furnish(session, groups, of_each))

    def _furnish(self, session: Session, groups: int, of_each: int) -> None:
        branch = make_branch(session, f"会议第{self.number}党支部")
        places = count(1)

        def make(name: str, **said: Any) -> Person:
            number = f"{self.number:02}{next(places):04}"
            return make_member(session, branch, name, phone=f"13512{number}", member_number=f"G{number}", **said)

        self.sam, self.dora = make("沈山", roles=(Role.SECRETARY,)), make("窦兰", roles=(Role.DEPUTY,))
        self.members = [
            make(f"{'赵钱孙李周吴郑王冯陈'[place % 10]}{GIVEN[at]}{'一二三四五六七八九十'[place // 3]}", group=group)
            for at, group in enumerate(make_group(session, branch, f"第{at + 1}党小组") for at in range(groups))
            for place in range(of_each)
        ]
        today, begins = clock.today(), time(0) if clock.local_time(clock.now()).hour < 12 else time(12)
        self.event_id: UUID = make_meeting(session, self.sam, day=today, begins=begins, ends=time(23, 59))
        # It goes on whatever the hour of this run is, also over midnight.
        session.get_one(MeetingEvent, self.event_id).ends_at = clock.at(today, begins) + timedelta(hours=14)
        self.address = f"/meetings/{self.event_id}/attendance"

    def do(self, act: Callable[[Session], T]) -> T:
        database = Database(f"sqlite:///{self._server.database}")
        with database.write() as session:
            done = act(session)
        database.close()
        return done

    def said(self) -> dict[UUID, Mark | None]:
        """What was last ticked of each, of whom anything but presence is said."""
        last = self.do(lambda session: ticks.last_ticks(session, self.event_id))
        return {one: tick.mark for one, tick in last.items() if tick.mark is not Mark.PRESENT}


def wait_for_list(phone: Page, address: str) -> None:
    """Until the phone keeps the list at ``address``."""
    until(phone, f"async () => Boolean(await caches.match('{address}', {{ cacheName: 'copies' }}))")


def row(phone: Page, person: Person) -> Locator:
    return phone.locator(f"li:has(input[value='{person.id}'])")


@pytest.fixture
def evening(stoppable):
    return Gathering(stoppable, 1, 4)


def test_two_officers_tick_in_a_basement_and_the_second_compares_what_differs(pocket, evening, stoppable):
    anna, bert, *_others = evening.members
    of_sam, of_dora = pocket(evening.sam), pocket(evening.dora)
    for phone in (of_sam, of_dora):
        wait_for_list(phone, evening.address)
    stoppable.stop()
    for phone, said in ((of_sam, {anna: "absent"}), (of_dora, {anna: "sick", bert: "late"})):
        phone.goto("/meetings")
        phone.locator(f"main a[href='/meetings/{evening.event_id}']").first.click()
        phone.locator(f"a[href='{evening.address}']").click()
        expect(bar(phone, "offline")).to_be_visible()
        for person, mark in said.items():
            row(phone, person).locator("select").select_option(mark)
        phone.locator(".dock button").click()
        expect(phone.locator("#message")).to_contain_text("已存在手机里")
        phone.reload()
        expect(row(phone, anna).locator("select")).to_have_value(said[anna])
    phone.locator(".dock button").click()  # saved twice it is one list
    wait_for_queue(phone, 1)
    assert len(queue(of_sam)) == 1

    stoppable.start()
    network_returns(of_sam)
    wait_for_queue(of_sam)
    network_returns(of_dora)
    expect(row(of_dora, anna)).to_contain_text("沈山保存的是：无故缺席")  # the page that is open compares by itself
    of_dora.goto(OUTBOX)
    refused = rows(of_dora, "needs_you")
    expect(refused).to_contain_text("沈山 已先保存了一份")
    assert evening.said() == {anna.id: Mark.ABSENT}
    refused.locator("a[data-repair]").click()
    of_dora.wait_for_url(f"**{evening.address}")
    expect(row(of_dora, anna)).to_contain_text("沈山保存的是：无故缺席")
    expect(row(of_dora, anna).locator("select")).to_have_value("sick")
    expect(row(of_dora, bert).locator("[data-saved]")).to_be_visible()
    screenshot(of_dora, "attendance-compared")
    row(of_dora, anna).locator("select").select_option("absent")
    of_dora.locator(".dock button").click()
    of_dora.wait_for_url(f"**/meetings/{evening.event_id}")
    wait_for_queue(of_dora)
    assert evening.said() == {anna.id: Mark.ABSENT, bert.id: Mark.LATE}
    of_dora.goto(OUTBOX)
    expect(rows(of_dora, "sent").first).to_contain_text("已保存，等另一名负责人确认")
    of_dora.goto("/me")
    of_dora.locator("sign-out button").first.click()
    of_dora.wait_for_url("**/sign-in**")
    until(of_dora, f"async () => !(await caches.match('{evening.address}'))")


class Thumb:
    """Taps on a phone, counted."""

    def __init__(self, phone: Page) -> None:
        self.phone, self.taps = phone, 0
        phone.goto("/")

    def on(self, selector: str) -> None:
        self.phone.locator(f"{selector}:visible").first.tap()
        self.taps += 1


def test_an_evening_costs_the_secretary_three_taps_the_second_officer_two_and_members_none(pocket, evening):
    sam, dora = Thumb(pocket(evening.sam)), Thumb(pocket(evening.dora))
    sam.on(f"main a[href='/meetings/{evening.event_id}']")
    sam.on(f"a[href='{evening.address}']")
    sam.on(".dock button")
    expect(sam.phone.locator("#message")).to_contain_text("已保存")
    assert sam.taps == 3
    dora.phone.reload()
    dora.on("main a[href^='/approvals']")
    dora.on("#decide button[value=approve]")
    expect(dora.phone.locator("#message .message")).to_contain_text("已通过 5 条")  # four members and the secretary
    assert dora.taps == 2
    alice = Thumb(pocket(evening.members[0]))
    alice.phone.goto("/sheet")
    facts = evening.do(lambda session: facts_of(session, evening.members[0]))
    assert [kind for kind, _day in facts] == ["attendance.present"]
    assert alice.taps == 0


def test_300_people_by_thumb_at_390_pixels_with_five_exceptions(pocket, stoppable, record_property):
    evening = Gathering(stoppable, 12, 25)
    phone = pocket(evening.sam, viewport={"width": 390, "height": 844})
    phone.goto(evening.address)
    assert phone.locator("select").count() == 302
    assert phone.locator("details[open]").count() == 0
    began = monotonic()
    exceptions = dict(zip(evening.members[7::61], ("absent", "late", "sick", "private", "official"), strict=True))
    phone.locator("#find").tap()
    for person, mark in exceptions.items():
        phone.keyboard.type(person.name)  # as the keyboard of a phone gives it: characters, or letters of pinyin
        choice = row(phone, person).locator("select")
        choice.tap()
        choice.select_option(mark)
        expect(phone.locator("#find")).to_have_value("")
        expect(phone.locator("#find")).to_be_focused()
    expect(phone.locator("[data-exceptions]")).to_contain_text(evening.members[7].name)
    screenshot(phone, "attendance-of-300")
    phone.locator(".dock button").tap()
    phone.wait_for_url(f"**/meetings/{evening.event_id}")
    seconds = monotonic() - began
    assert evening.said() == {person.id: Mark(mark) for person, mark in exceptions.items()}
    record_property("seconds", round(seconds, 1))
    phone.goto(evening.address)
    for look in LOOKS.values():
        dress(phone, **look)
        phone.locator("summary").first.click()
        assert overflow(phone) == []
        assert small_targets(phone) == []
    axe(phone)


def test_a_code_typed_in_a_basement_is_confirmed_in_one_tap(pocket, evening, stoppable):
    """Planned on the phone, shown and typed without a network, sent an hour later, confirmed by another officer."""
    alice, bob, *_others = evening.members
    now = clock.local_time(clock.now())
    began = max(now - timedelta(minutes=65), now.replace(hour=0, minute=0))  # of today, also an hour after midnight
    is_late = now - began > timedelta(minutes=30)
    of_sam, of_dora, of_alice = pocket(evening.sam), pocket(evening.dora), pocket(alice)
    of_sam.goto("/meetings/new")
    for kind in ("members_meeting", "lecture"):
        of_sam.locator(f"input[value={kind}]").check()
    of_sam.locator("[name=day]").fill(began.date().isoformat())
    of_sam.locator("[name=begins]").fill(f"{began:%H:%M}")
    of_sam.locator("[name=ends]").fill("23:59")
    of_sam.locator(".dock button").click()
    of_sam.wait_for_url(re.compile(r"/meetings/[\da-f-]{36}$"))
    meeting = of_sam.url
    room = meeting.replace("/meetings/", "/m/")
    of_sam.locator(f"a[href$='{room[-36:]}/code']").click()
    expect(of_sam.locator("[data-picture] svg")).to_be_visible()
    for name, look in LOOKS.items():
        dress(of_sam, **look)
        expect(of_sam.locator("[data-picture] svg")).to_be_visible()
        screenshot(of_sam, f"room-code-{name}")
        assert overflow(of_sam) == []
    axe(of_sam)
    dress(of_sam)

    stoppable.stop()
    in_the_room = max(now - timedelta(minutes=60), began)  # an hour ago
    for phone in (of_sam, of_alice):
        phone.clock.set_fixed_time(in_the_room)
    of_sam.goto(f"{room}/code")
    expect(of_sam.locator("[data-picture] svg")).to_be_visible()
    digits = of_sam.locator("[data-code]").inner_text().replace(" ", "")
    drawn = of_sam.locator("[data-picture] svg").evaluate("svg => new XMLSerializer().serializeToString(svg)")
    screenshot(of_sam, "room-code-offline")
    of_sam.goto(room)  # the organiser is there, too
    of_sam.locator("[name=code]").fill(digits)
    of_sam.locator(".dock button").click()
    wait_for_queue(of_sam, 1)
    of_alice.goto(room)
    of_alice.evaluate("() => navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('not allowed'))")
    of_alice.locator("[data-look]").click()
    expect(of_alice.locator("[data-blind]")).to_have_text("相机无法使用，请输入六位数字。")
    of_alice.evaluate(HOLD_UP, drawn)
    of_alice.locator("[data-look]").click()
    expect(of_alice.locator("[name=code]")).to_have_value(digits)
    assert digits not in of_alice.url
    screenshot(of_alice, "room-typed")
    axe(of_alice)
    of_alice.locator(".dock button").click()
    expect(of_alice.locator("#message")).to_contain_text("已连同时刻记在本机")
    wait_for_queue(of_alice, 1)

    for phone in (of_sam, of_alice):
        phone.clock.set_fixed_time(clock.now())  # before anything is sent: it tells how wrong a clock is
    stoppable.start()
    for phone in (of_sam, of_alice):
        phone.clock.set_fixed_time(clock.now())
        network_returns(phone)
        wait_for_queue(phone)
    plain = pocket(bob, java_script_enabled=False, service_workers="block")
    of_sam.goto(f"{room}/code")
    code = of_sam.locator("[data-code]")
    plain.goto(room)
    plain.locator("[name=code]").fill(code.inner_text())
    plain.locator(".dock button").click()
    expect(plain.locator("#message")).to_contain_text(re.compile(r"开始后 \d+ 分钟到场" if is_late else "已签到"))
    of_dora.goto(meeting)
    expect(of_dora.locator("#codes")).to_contain_text("3 人无误。")
    screenshot(of_dora, "room-confirm")
    of_dora.locator("form[action$='/confirm'] button").click()
    expect(of_dora.locator("#message")).to_contain_text("已确认 3 人的考勤")

    of_dora.goto("/meetings/calendar")
    expect(of_dora.locator("main")).to_contain_text(f"{began.month}月{began.day}日已开")
    for phone in (of_sam, of_alice):
        phone.goto("/sheet")
        screenshot(phone, f"room-sheet-{phone is of_sam}")
    facts = {
        person: evening.do(lambda session, one=person: facts_of(session, one)) for person in (evening.sam, alice, bob)
    }
    day = began.date()
    assert facts[alice] == facts[evening.sam] == [("attendance.present", day), ("study.session", day)]
    assert facts[bob] == [("attendance.late" if is_late else "attendance.present", day), ("study.session", day)]
