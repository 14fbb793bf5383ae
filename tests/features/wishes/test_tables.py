"""The tables of wishes, written out once more: docs/domain.md §3.2 and red line 10, not what the code says."""

from datetime import date, timedelta

import pytest

from app.features.members.rules import Role
from app.features.wishes import rules
from app.features.wishes.carrying import rules as carrying
from app.features.wishes.contacts import rules as contacts
from app.features.wishes.desk import rules as desk
from app.features.wishes.desk import service as rights
from app.features.wishes.intake import service as intake
from app.features.wishes.reports import rules as reports
from app.features.wishes.residents import rules as residents
from app.features.wishes.rules import MOST_FAILURES, Status, Step
from app.features.wishes.stories import rules as stories

DAY, LATER = date(2026, 3, 9), date(2026, 3, 23)
STEPS = {
    "submit": ("draft returned", "to_verify"),
    "return": ("to_verify", "returned"),
    "decline": ("draft to_verify returned expired next_round", "declined"),
    "publish": ("to_verify next_round", "published"),
    "claim": ("published", "claimed"),
    "contact": ("claimed", "in_progress"),
    "fulfil": ("in_progress", "to_confirm"),
    "not_yet": ("to_confirm", "in_progress"),
    "confirm": ("to_confirm", "realised"),
    "revisit": ("realised", "closed"),
    "help_again": ("realised", "in_progress"),
    "release": ("claimed in_progress", "published"),
    "overdue": ("claimed in_progress", "published"),
    "expire": ("published", "expired"),
    "next_round": ("published expired", "next_round"),
    "withdraw": (
        "draft to_verify returned published claimed in_progress to_confirm realised expired next_round",
        "withdrawn",
    ),
}
"""From where, and where to."""


def test_the_steps_are_these_and_no_others():
    written = {Step(step): (frozenset(map(Status, of.split())), Status(to)) for step, (of, to) in STEPS.items()}
    assert written == rules.LIFE.leads
    assert {Status.REFERRED, Status.CLOSED, Status.WITHDRAWN} == rules.LIFE.terminal
    assert set(Step) - set(written) == {Step.ENTER}


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (rules.ACTIVE, "claimed in_progress"),
        (intake.CHANGEABLE, "draft returned"),
        (contacts.OPEN_TO_CLAIMERS, "claimed in_progress to_confirm"),
        (contacts.OVER, "closed declined expired draft returned"),
        (rights.NEEDS_NO_CONTACT, "realised closed declined expired"),
        (stories.TELLABLE, "realised closed"),
        (reports.OFF_THE_BOARD, "draft to_verify returned declined withdrawn"),
    ],
    ids=["active", "text free", "contact open", "contact kept 90 days", "contact not needed", "story", "on no list"],
)
def test_sets_of_states(table, states):
    assert table == {Status(state) for state in states.split()}


def test_a_dear_wish_is_for_these_posts():
    led_by = "secretary deputy organisation publicity discipline committee_officer"
    assert {Role(role) for role in led_by.split()} == carrying.COMMITTEE


def test_the_desk_does_these_piles_itself():
    assert {str(pile) for pile in desk.TO_DO} == {"complete", "verify", "publish", "confirm", "revisit", "unclaimed"}
    of_state = {
        status: desk.pile_of(
            status, is_verified=False, is_planned=False, fulfilled_on=DAY, is_looked_back_at=False, today=LATER
        )
        for status in Status
        if status in OPEN
    }
    assert {str(status): str(pile) for status, pile in of_state.items()} == {
        "draft": "complete",
        "returned": "complete",
        "to_verify": "verify",
        "published": "out",
        "claimed": "held",
        "in_progress": "held",
        "to_confirm": "confirm",
        "realised": "revisit",
        "expired": "unclaimed",
        "next_round": "unclaimed",
    }


@pytest.mark.parametrize(
    ("day", "is_looked_back_at", "pile"),
    [(13, False, "later"), (14, False, "revisit"), (14, True, "later"), (90, False, "revisit"), (90, True, "later")],
)
def test_looking_back_is_to_be_done_from_its_day_unless_somebody_has_taken_it_over(day, is_looked_back_at, pile):
    today = DAY + timedelta(days=day)
    said = {"is_verified": True, "is_planned": False, "fulfilled_on": DAY, "is_looked_back_at": is_looked_back_at}
    assert desk.pile_of(Status.REALISED, today=today, **said) == pile


OPEN = set(Status) - {Status.REFERRED, Status.CLOSED, Status.WITHDRAWN}


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (rules.TITLE_LENGTH, 40),
        (rules.NEED_LENGTH, 300),
        (rules.NOTE_LENGTH, 200),
        (rules.MOST_YUAN, 99_999),
        (carrying.CONTACT_WITHIN, timedelta(days=7)),
        (carrying.FULFIL_WITHIN, timedelta(days=30)),
        (carrying.REVISIT_FROM, timedelta(days=14)),
        (carrying.REVISIT_UNTIL, timedelta(days=30)),
        (carrying.MOST_ACTIVE, 2),
        (carrying.MOST_PEOPLE, 10),
        (carrying.SOFT_YUAN, 200),
        (carrying.COMMITTEE_YUAN, 500),
        (carrying.EXTENSION, timedelta(days=14)),
        (carrying.GRACE, timedelta(days=14)),
        (carrying.CODE_DIGITS, 6),
        (MOST_FAILURES, 5),
        (contacts.KEPT_FOR, timedelta(days=90)),
        (residents.KEPT_UNREAD_FOR, timedelta(days=90)),
        (residents.RECEIPT_KNOWN_FOR, timedelta(days=90)),
        (residents.NETWORK_KNOWN_FOR, timedelta(days=7)),
        (residents.MOST_AN_HOUR, 5),
        (residents.MOST_A_DAY, 20),
        (residents.MOST_AN_HOUR_HERE, 50),
        (residents.MOST_A_DAY_HERE, 120),
        (residents.MOST_WAITING, 300),
        (reports.READY_ON, 10),
        (desk.LAST_DAY, 28),
    ],
)
def test_limits_are_the_numbers_of_the_field(limit, number):
    assert limit == number
