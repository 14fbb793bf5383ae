"""The product's promise in one go: recorded in a basement, sent by nobody, approved, counted once."""

from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from app.core.db import Database
from app.features.ledger.models import Fact
from app.features.volunteering.models import VolunteeringRecord
from tests.browser.network import Weather
from tests.browser.offline import (
    NEW,
    bar,
    let_in,
    network_returns,
    queue,
    record,
    recorded,
    rows,
    wait_for_queue,
    wait_for_shell,
)
from tests.browser.progress import opened

TITLE = "《中国共产党支部工作条例（试行）》第三章"
HALF_DAY = "社区环境整治"
ANSWERS_SECONDS = 20


def facts_of(server, person):
    database = Database(f"sqlite:///{server.database}")
    with database.read() as session:
        found = session.execute(
            select(Fact.source_id, Fact.quantity, Fact.note).where(Fact.member_id == person.id)
        ).all()
    database.close()
    return found


def half_days_of(server, person):
    database = Database(f"sqlite:///{server.database}")
    found = select(VolunteeringRecord.id, VolunteeringRecord.title, VolunteeringRecord.half_days)
    with database.read() as session:
        done = [tuple(row) for row in session.execute(found.where(VolunteeringRecord.member_id == person.id))]
    database.close()
    return done


def test_recorded_in_a_basement_it_is_on_the_sheet_once(kept_phone, pocket, alice, sam, stoppable, network):
    phone = kept_phone.open(network.url)
    let_in(phone.context, alice, network.url)
    phone.goto("/")
    wait_for_shell(phone)

    stoppable.kill()  # the basement
    phone.goto(NEW)
    record(phone, TITLE)
    expect(bar(phone, "offline")).to_be_visible()
    service = opened(phone, "volunteering")
    service.locator("[name=title]").fill(HALF_DAY)
    service.locator("button").last.click()
    wait_for_queue(phone, 2)
    kept_phone.kill()  # the battery

    phone = kept_phone.open(network.url)
    phone.goto(NEW)
    expect(rows(phone, "waiting").filter(has_text=TITLE)).to_be_visible()
    expect(rows(phone, "waiting").filter(has_text=HALF_DAY)).to_be_visible()
    kept, half_day = queue(phone)
    stoppable.start()
    let_in(phone.context, alice, network.url)
    network.change(Weather.LOSES_ANSWERS)  # the stairs
    network_returns(phone)
    assert network.answered.wait(ANSWERS_SECONDS)
    network.change(Weather.CLEAR)
    network_returns(phone)
    wait_for_queue(phone)
    (only,) = recorded(stoppable, alice)
    assert (only.title, only.status, only.id) == (TITLE, "pending", kept["id"])
    assert half_days_of(stoppable, alice) == [(UUID(half_day["id"]), HALF_DAY, 1)]

    desk = pocket(sam)
    desk.goto("/approvals")
    expect(desk.locator("#decide li", has_text=TITLE)).to_be_visible()
    desk.locator("#decide button[value=approve]").click()
    expect(desk.locator("#queue .message").first).to_be_visible()
    sources = sorted(fact.source_id for fact in facts_of(stoppable, alice))
    assert sources == sorted((f"{only.id}:1", f"{half_day['id']}:1"))  # each once
    phone.goto("/study")
    expect(phone.locator(f"#record-row-{only.id} [data-status=approved]")).to_be_attached()
    stoppable.run("ledger", "verify")
