"""How pledges and duties go, said without a network: one tap, sent once, of one's own only. Source: docs/sync.md."""

import pytest
from playwright.sync_api import expect

from app.core.ids import new_id
from tests.browser.helpers import check, dress, looks
from tests.browser.network import Weather
from tests.browser.offline import (
    NEW,
    OUTBOX,
    bar,
    let_in,
    network_returns,
    queue,
    rows,
    until,
    wait_for_queue,
    wait_for_shell,
)
from tests.browser.progress import (
    DUTY,
    NO_LISTS,
    OTHER_PLEDGE,
    PLEDGE,
    duty_of,
    ends,
    evaluate,
    line,
    opened,
    pledges_of,
    stored,
    this_quarter,
    told,
    wait_for_lists,
    words_on,
)

ANSWERS_SECONDS = 20
NO_LIST = "progress-list[data-of=pledges] [data-if-none]"


def back_on_line(phone, server):
    server.start()
    network_returns(phone)
    wait_for_queue(phone)


def test_a_pledge_is_told_of_in_a_basement_and_stands_in_its_quarter_once(kept_phone, alice, sam, stoppable):
    pledge_id, other = pledges_of(stoppable, alice, sam)
    phone = kept_phone.open(stoppable.url)
    let_in(phone.context, alice, stoppable.url)
    phone.goto("/")
    wait_for_shell(phone)
    wait_for_lists(phone, alice)

    stoppable.kill()
    phone.goto(NEW)
    card = line(opened(phone, "pledges"), PLEDGE)
    card.locator("button[value=in_difficulty]").click()
    expect(card.locator("[data-said]")).to_contain_text("待提交")
    expect(card.locator("button[value=in_difficulty]")).to_have_attribute("aria-pressed", "true")
    kept_phone.kill()

    phone = kept_phone.open(stoppable.url)
    phone.goto(NEW)
    card = line(opened(phone, "pledges"), PLEDGE)
    expect(card.locator("[data-said]")).to_contain_text("待提交")
    (item,) = queue(phone)
    stoppable.start()
    let_in(phone.context, alice, stoppable.url)
    network_returns(phone)
    wait_for_queue(phone)
    assert told(stoppable, pledge_id) == [(item["id"], "in_difficulty", this_quarter(), None)]
    assert told(stoppable, other) == []
    phone.goto("/shows/pledges")
    marks = phone.locator("section.pledge", has_text=PLEDGE).locator(".qs li")
    expect(marks.nth(this_quarter() - 1)).to_contain_text("有困难")


def test_a_duty_is_done_without_a_network_and_waits_for_an_officer_once(pocket, alice, sam, stoppable):
    duty_id, other = duty_of(stoppable, alice), duty_of(stoppable, alice, "另一件事")
    phone = pocket(alice)
    wait_for_lists(phone, alice)
    stoppable.stop()
    phone.goto(NEW)
    duties = opened(phone, "duties")
    line(duties, "另一件事").locator("button[value=started]").click()
    card = line(duties, DUTY)
    card.locator("summary").click()
    card.locator("[name=sentence]").fill("两柜档案已移交")
    card.locator("button[value=done]").click()
    expect(card.locator("[data-said]")).to_contain_text("待提交")
    expect(card.locator("[name=sentence]")).to_have_value("")
    wait_for_queue(phone, 2)
    back_on_line(phone, stoppable)
    expect(card.locator("[data-said]")).to_contain_text("等待审批")
    ((review_id, status),) = ends(stoppable, duty_id)
    assert status == "pending"
    assert words_on(stoppable, other) == [("started", None)]
    card.locator("[data-undo]").click()
    expect(card.locator("[data-said]")).to_be_hidden()
    wait_for_queue(phone)
    assert ends(stoppable, duty_id) == [(review_id, "withdrawn")]


def test_a_slip_of_the_finger_is_taken_back_or_said_anew_before_it_is_sent(pocket, alice, sam, stoppable):
    pledge_id, other = pledges_of(stoppable, alice, sam)
    phone = pocket(alice)
    wait_for_lists(phone, alice)
    stoppable.stop()
    phone.goto(NEW)
    part = opened(phone, "pledges")
    line(part, OTHER_PLEDGE).locator("button[value=done]").click()
    wait_for_queue(phone, 1)
    line(part, OTHER_PLEDGE).locator("[data-undo]").click()
    expect(line(part, OTHER_PLEDGE).locator("[data-said]")).to_be_hidden()
    expect(line(part, OTHER_PLEDGE).locator("button[aria-pressed=true]")).to_have_count(0)
    for state in ("done", "on_track"):
        line(part, PLEDGE).locator(f"button[value={state}]").click()
        expect(line(part, PLEDGE).locator(f"button[value={state}]")).to_have_attribute("aria-pressed", "true")
    back_on_line(phone, stoppable)
    expect(line(part, PLEDGE).locator("[data-said]")).to_contain_text("以最后一次为准")
    expect(line(part, PLEDGE).locator("[data-undo]")).to_be_hidden()
    assert told(stoppable, pledge_id)[-1][1] == "on_track"
    assert told(stoppable, other) == []
    phone.goto(OUTBOX)
    arrived = rows(phone, "sent").filter(has_text="正常")
    expect(arrived).to_contain_text("已提交，已记入")
    expect(arrived.locator("[data-take-back]")).to_be_hidden()
    expect(rows(phone, "sent").filter(has_text=OTHER_PLEDGE)).to_contain_text("已撤回")


def test_an_end_said_anew_takes_the_place_of_the_one_that_may_have_arrived(pocket, alice, stoppable, network):
    duty_id = duty_of(stoppable, alice)
    phone = pocket(alice, network.url)
    wait_for_lists(phone, alice)
    phone.goto(NEW)
    card = line(opened(phone, "duties"), DUTY)
    network.change(Weather.LOSES_ANSWERS)
    card.locator("button[value=done]").click()
    assert network.answered.wait(ANSWERS_SECONDS)  # the server has it, and the phone does not know
    card.locator("summary").click()
    card.locator("[name=sentence]").fill("两柜档案已移交")
    card.locator("button[value=done]").click()
    expect(card.locator("[name=sentence]")).to_have_value("")  # it lies in the queue
    network.change(Weather.CLEAR)
    network_returns(phone)
    wait_for_queue(phone)
    assert sorted(status for _id, status in ends(stoppable, duty_id)) == ["pending", "withdrawn"]


def test_the_phone_of_somebody_without_a_list_says_what_to_do(pocket, alice, stoppable):
    phone = pocket(None)
    phone.goto("/sign-in")
    let_in(phone.context, alice, stoppable.url)
    phone.context.route("**/sync/lists", lambda route: route.abort())
    phone.goto("/")
    wait_for_shell(phone)
    stoppable.stop()
    phone.goto(NEW)
    opened(phone, "pledges")
    expect(phone.locator(NO_LIST)).to_be_visible()


def test_b_on_a_s_phone_sees_no_list_of_a(pocket, alice, bob, sam, stoppable):
    pledges_of(stoppable, alice, sam)
    duty_of(stoppable, alice)
    phone = pocket(alice)
    wait_for_lists(phone, alice)
    assert PLEDGE in stored(phone)
    let_in(phone.context, bob, stoppable.url)  # without a sign-out, and the lists do not come
    phone.context.route("**/sync/lists", lambda route: route.abort())
    phone.goto("/")
    until(phone, NO_LISTS)
    phone.goto(NEW)
    opened(phone, "pledges")
    expect(phone.locator(NO_LIST)).to_be_visible()
    assert PLEDGE not in stored(phone)
    assert PLEDGE not in phone.content()


def test_signing_out_erases_the_lists(pocket, alice, sam, stoppable):
    pledges_of(stoppable, alice, sam)
    phone = pocket(alice)
    wait_for_lists(phone, alice)
    phone.goto("/me")
    phone.locator("form[action='/sign-out'] button").click()
    expect(phone).to_have_url(f"{stoppable.url}/sign-in")
    until(phone, NO_LISTS)


def test_what_was_evaluated_meanwhile_is_refused_kindly_and_dismissed(pocket, alice, sam, stoppable):
    pledge_id, _other = pledges_of(stoppable, alice, sam)
    phone = pocket(alice)
    wait_for_lists(phone, alice)
    stoppable.stop()
    phone.goto(NEW)
    card = line(opened(phone, "pledges"), PLEDGE)
    card.locator("button[value=on_track]").click()
    wait_for_queue(phone, 1)
    evaluate(stoppable, alice, sam, pledge_id, new_id())
    stoppable.start()
    network_returns(phone)
    expect(card.locator("[data-how]")).to_contain_text("已经评诺")
    phone.goto(OUTBOX)
    refused = rows(phone, "needs_you")
    expect(refused).to_contain_text(PLEDGE)
    expect(refused.locator("[data-repair]")).to_be_hidden()
    refused.locator("[data-take-back]").click()
    phone.locator("outbox-list[data-of=needs_you] dialog button[value=yes]").click()
    wait_for_queue(phone, 0)
    assert told(stoppable, pledge_id) == []


@pytest.mark.parametrize(("page", "part"), [("/shows/pledges?year=2026", "pledges"), ("/shows/duties", "duties")])
def test_a_page_that_needs_a_network_leads_to_where_it_can_be_said(pocket, alice, stoppable, page, part):
    phone = pocket(alice)
    wait_for_lists(phone, alice)
    stoppable.stop()
    phone.goto(page)
    expect(phone).to_have_url(f"{stoppable.url}{NEW}#{part}")
    expect(bar(phone, "offline")).to_be_visible()
    expect(phone.locator(f"[data-part={part}]")).to_be_visible()


def test_a_tap_on_the_live_page_of_pledges_is_not_lost_with_the_network(pocket, alice, sam, stoppable):
    pledge_id, _other = pledges_of(stoppable, alice, sam)
    phone = pocket(alice)
    phone.goto("/shows/pledges")
    stoppable.stop()
    card = phone.locator(f"#pledge-card-{pledge_id}")
    card.locator("summary").click()
    card.locator("textarea").fill("先答复，再回访")
    card.locator("button[value=on_track]").click()
    expect(phone.locator("#message")).to_contain_text("先存在本机")
    card.locator("button[value=done]").click()  # another act, with another id
    wait_for_queue(phone, 2)
    back_on_line(phone, stoppable)
    assert [(state, note) for _id, state, _quarter, note in told(stoppable, pledge_id)] == [
        ("on_track", "先答复，再回访"),
        ("done", None),
    ]


def test_a_tap_on_the_live_page_of_a_duty_is_not_lost_either(pocket, alice, stoppable):
    duty_id = duty_of(stoppable, alice)
    phone = pocket(alice)
    phone.goto(f"/shows/duties/{duty_id}")
    stoppable.stop()
    phone.locator("[name=note]").fill("等档案室腾柜子")
    phone.locator("button[value=in_difficulty]").click()
    wait_for_queue(phone, 1)
    phone.locator("[name=sentence]").first.fill("已移交")
    phone.locator("queued-form form[action$='/end'] button").click()
    wait_for_queue(phone, 2)
    back_on_line(phone, stoppable)
    assert words_on(stoppable, duty_id) == [("in_difficulty", "等档案室腾柜子")]
    ((_id, status),) = ends(stoppable, duty_id)
    assert status == "pending"


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_everybody_can_read_and_reach_it(pocket, alice, sam, stoppable, lang):
    pledges_of(stoppable, alice, sam)
    duty_of(stoppable, alice)
    phone = pocket(alice, service_workers="block")
    dress(phone, lang=lang)
    phone.goto(NEW)
    for part in ("pledges", "duties"):
        list_of = opened(phone, part)
        list_of.locator("li button").first.click()
        expect(list_of.locator("[data-said]").first).to_be_visible()
        list_of.locator("summary").first.click()
        for least, rules in looks(phone) if lang == "zh_CN" else [(44, ())]:
            check(phone, least, rules)
