"""Every page that people use, on a small phone and a desk, in the looks they may choose: readable, reachable, whole."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Page

from app.core import clock
from app.features.members.rules import Permission
from app.features.streams import STREAMS
from app.features.sync.kinds import KINDS
from tests.browser.helpers import (
    MEMBER,
    SECRETARY,
    axe,
    covered,
    dress,
    looks,
    overflow,
    sign_in,
    small_targets,
)

BUSINESS_ADMINISTRATOR, AUDITOR, COMMITTEE_OFFICER = "13800009012", "13800009013", "13800009001"
SYSTEM_ADMINISTRATOR = "13800009011"
LINE = f"/sheet/{clock.today().year}/lines/B2"
OF_STREAMS = (
    *(own.address for stream in STREAMS for own in stream.pages),
    *(kind.on_phone.page for kind in KINDS.values() if kind.needs is Permission.BE_MEMBER),
)
"""Where members find what is their own, and where they record it: a new stream's pages are looked at too."""
PAGES_OF = {
    MEMBER: (
        "/",
        *dict.fromkeys(OF_STREAMS),
        LINE,
        "/members",
        "/me",
        "/me/data",
        "/me/notice",
        "/self-check",
        "/complaints",
        "/me/reminders",
        "/me/calendar",
        "/talks",
        "/outbox",
        "/nothing-here",
        "/shows/sharing",
        "/shows/consent",
        "/shows/pledges/new",
        "/shows/pledges/colleagues",
        "/shows/duties/new",
    ),
    SECRETARY: (
        "/",
        "/approvals",
        "/study/new?for_other=yes",
        "/study/branch",
        "/study/quizzes/new",
        "/study/questions",
        "/study/questions/new",
        "/study/spot-checks",
        "/members",
        "/members/new",
        "/roster",
        "/slips",
        "/sheets",
        "/sync/file",
        "/shows",
        "/shows/code",
        "/shows/pledges/branch",
        "/shows/pledges/library",
        "/shows/pledges/library/new",
        "/approvals?kind=pledge",
        "/shows/duties",
        "/shows/duties/branch",
        "/shows/duties/assign",
        "/shows/duties/import",
        "/approvals?kind=duty.outcome",
        "/meetings/month",
        "/meetings/copy",
        "/meetings/calendar",
        "/meetings/year",
        "/meetings/make-ups",
        "/meetings/rights",
    ),
    COMMITTEE_OFFICER: ("/complaints/desk", "/organisations", "/organisations/board", "/organisations/board/asked"),
    BUSINESS_ADMINISTRATOR: ("/organisations", "/members"),
    AUDITOR: ("/audit",),
    SYSTEM_ADMINISTRATOR: ("/", "/system"),
}
LANGUAGES = {"Chinese": "zh_CN", "English": "en"}


def faults(page: Page, address: str, *, least: int, rules: Sequence[str] = ()) -> Iterator[str]:
    for element in overflow(page):
        yield f"{address}: sticks out: {element}"
    for element in small_targets(page, least):
        yield f"{address}: smaller than {least} px: {element}"
    for element in covered(page):
        yield f"{address}: under a bar when it has the focus: {element}"
    try:
        axe(page, rules)
    except AssertionError as found:
        yield f"{address} {page.locator('html').evaluate('it => JSON.stringify(it.dataset)')}: {found}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "who",
    PAGES_OF,
    ids=["member", "secretary", "committee officer", "business administrator", "auditor", "system administrator"],
)
def test_on_a_phone(phone: Page, who, language):
    sign_in(phone, who)
    dress(phone, theme="light", lang=LANGUAGES[language])
    found: list[str] = []
    for address in PAGES_OF[who]:
        phone.goto(address)
        for least, rules in looks(phone) if language == "Chinese" else [(44, ())]:
            found += faults(phone, address, least=least, rules=rules)
    assert not found


def test_on_the_secretarys_desk(desk: Page):
    sign_in(desk, SECRETARY)
    found: list[str] = []
    for address in PAGES_OF[SECRETARY]:
        desk.goto(address)
        found += faults(desk, address, least=24)
    assert not found
