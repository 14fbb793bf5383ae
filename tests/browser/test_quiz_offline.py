"""A quiz on a train: answered without a network, gone on with after the app was closed, sent by itself, then read."""

from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from app.core import clock
from app.core.db import Database
from app.features.members.rules import Role
from app.features.study.quiz import queries
from tests.browser.helpers import axe, overflow, screenshot, small_targets
from tests.browser.offline import bar, departures, network_returns, queue, until
from tests.features.study.quizzes import KEYS, hand_in, make_quiz, passes
from tests.makers import make_branch, make_member

_numbers = count(1)
DRAFT = """() => new Promise((resolve) => {
    const opening = indexedDB.open("sanliang");
    opening.onsuccess = () => {
        const asked = opening.result.transaction("meta").objectStore("meta").get("quiz_draft");
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
    };
})"""


@pytest.fixture
def train(stoppable):
    """A branch with a quiz that is open, and how to ask its database."""
    number = next(_numbers)

    def do(act):
        database = Database(f"sqlite:///{stoppable.database}")
        with database.write() as session:
            done = act(session)
        database.close()
        return done

    def furnish(session):
        branch = make_branch(session, f"车上第{number}党支部")
        sam, alice = (
            make_member(
                session, branch, name, roles=roles, phone=f"1360{number:06}{at}", member_number=f"Q{number}-{at}"
            )
            for at, (name, roles) in enumerate([("沈山", (Role.SECRETARY,)), ("艾莉", ())])
        )
        others = [
            make_member(session, branch, f"同车{at}", phone=f"1361{number:06}{at}", member_number=f"Q{number}-o{at}")
            for at in range(3)
        ]
        now = clock.now()
        moments = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=1)}
        return sam, alice, others, make_quiz(session, sam, **moments)

    return do, *do(furnish)


def look_at(page, name):
    assert not small_targets(page)
    assert not overflow(page)
    axe(page)
    screenshot(page, name)


def test_a_quiz_is_answered_on_a_train_and_counts_at_home(pocket, train, stoppable):
    do, sam, alice, others, quiz = train
    address = f"/study/quizzes/{quiz}"
    phone = pocket(alice)
    until(phone, f"async () => Boolean(await caches.match('{address}/take', {{ cacheName: 'copies' }}))")
    stoppable.stop()
    phone.goto(f"{address}/take")
    expect(bar(phone, "offline")).to_be_visible()
    assert "解析" not in phone.content()
    for number, key in enumerate(KEYS, start=1):
        expect(phone.locator("fieldset:visible")).to_have_count(1)
        for letter in key:
            phone.locator(f"#q-{number} label:has(input[value={letter}])").click()
        if number == 2:
            look_at(phone, "quiz-question")
            phone.reload()  # the app was killed: what was chosen is still there
            expect(phone.locator("#q-2 input[value=B]")).to_be_checked()
        if number < len(KEYS):
            phone.locator(f"#q-{number} [data-step='1']").click()
    phone.locator("#q-5 button").click()
    expect(phone.locator("#message")).to_contain_text("已存在手机里")
    expect(phone.locator("[data-waits]")).to_be_visible()
    (item,) = queue(phone)
    assert item["kind"] == "quiz.attempt"
    assert not {"score", "passed"} & item["payload"].keys()

    stoppable.start()
    asked = departures(phone)
    network_returns(phone)
    expect(phone.locator("main")).to_contain_text("100.00 %")  # sent, it goes to its result by itself
    assert asked == [address]  # and asks for it once, however often the queue speaks up
    expect(phone.locator("main")).to_contain_text("已通过")
    look_at(phone, "quiz-result")
    assert [who for who, _day in do(passes) if who == alice.id] == [alice.id]
    assert [one.counts for one in do(lambda session: queries.mine(session, quiz, alice.id))] == [True]
    phone.goto("/sheet")
    expect(phone.locator("main")).to_contain_text("0.5")  # one quiz passed, of the six of study

    officer = pocket(sam)
    officer.goto(f"{address}/take")  # with a network it is the same way: kept, sent at once, and on to the result
    asked = departures(officer)
    for number, key in enumerate(KEYS, start=1):
        for letter in key:
            officer.locator(f"#q-{number} label:has(input[value={letter}])").click()
        officer.locator(f"#q-{number} [data-step='1']" if number < len(KEYS) else "#q-5 button").click()
    expect(officer.locator("main")).to_contain_text("由另一名负责人审批")  # who knows the keys has no pass alone
    assert asked == [address]
    expect(officer.locator("main")).to_contain_text("不足五人")
    do(lambda session: [hand_in(session, quiz, person, KEYS) for person in others])
    officer.reload()
    expect(officer.locator("main")).to_contain_text("参加：5/5")
    for summary in officer.locator("summary").all():
        summary.click()
    look_at(officer, "quiz-officer")
    officer.goto(f"{address}/take")
    officer.locator("#q-1 label:has(input[value=A])").click()
    until(officer, f"async () => Boolean(await ({DRAFT})())")
    officer.evaluate("fetch('/sign-out', { method: 'POST' })")  # whatever page comes next, or none
    until(officer, f"async () => !(await ({DRAFT})())")
