"""What comes again: from a phone restored from an old copy, or under a number used twice. Source: docs/sync.md."""

from playwright.sync_api import expect
from sqlalchemy import func, select

from app.core.db import Database
from app.features.ledger.models import Fact
from tests.browser.offline import (
    NEW,
    OUTBOX,
    captured,
    network_returns,
    put_into_queue,
    queue,
    record,
    recorded,
    rows,
    wait_for_queue,
)


def facts_of(server, person):
    database = Database(f"sqlite:///{server.database}")
    with database.read() as session:
        number = session.scalar(select(func.count()).select_from(Fact).where(Fact.member_id == person.id))
    database.close()
    return number


def outcomes(server, person):
    return {one.title: one.status.value for one in recorded(server, person)}


def test_a_phone_restored_from_an_old_copy_changes_nothing(pocket, alice, sam, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    for title in ("批了的", "撤了的", "还在等的"):
        record(phone, title)
    old_copy = queue(phone)
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    desk = pocket(sam)
    desk.goto("/approvals")
    for box in desk.locator("input[name=ids]").all():
        box.uncheck()
    desk.locator("#decide li", has_text="批了的").locator("input[name=ids]").check()
    desk.locator("#decide button[value=approve]").click()
    expect(desk.locator("#decide li")).to_have_count(2)
    phone.goto("/study")
    phone.locator("#record-list li", has_text="撤了的").locator("form button").click()
    expect(phone.locator("#record-list form")).to_have_count(1)
    before = outcomes(stoppable, alice)
    assert before == {"批了的": "approved", "撤了的": "withdrawn", "还在等的": "pending"}

    phone.goto(OUTBOX)
    put_into_queue(phone, alice, *old_copy)
    network_returns(phone)
    wait_for_queue(phone)
    expect(rows(phone, "needs_you")).to_have_count(0)
    expect(rows(phone, "sent").filter(has_text="撤了的").locator("[data-take-back]")).to_be_hidden()
    assert outcomes(stoppable, alice) == before
    assert facts_of(stoppable, alice) == 1


def test_the_same_id_with_other_content_needs_the_member(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(OUTBOX)
    first = captured("先到的")
    put_into_queue(phone, alice, first)
    network_returns(phone)
    wait_for_queue(phone)
    put_into_queue(phone, alice, captured("后到的", id=first["id"]))
    network_returns(phone)
    expect(rows(phone, "needs_you")).to_contain_text("后到的")
    expect(rows(phone, "needs_you").locator("[data-said]")).not_to_be_empty()
    assert outcomes(stoppable, alice) == {"先到的": "pending"}
    rows(phone, "needs_you").locator("[data-repair]").click()
    expect(phone.locator("#title")).to_have_value("后到的")
    record(phone, "换了编号的")
    wait_for_queue(phone)
    assert outcomes(stoppable, alice) == {"先到的": "pending", "换了编号的": "pending"}
