"""What the log says and for how long, written out once: docs/domain.md §9."""

from datetime import UTC, datetime, timedelta

import pytest

from app.features.audit import rules
from app.features.members.rules import AuditAction


def test_limits():
    assert (timedelta(days=366), 20_000) == (rules.KEPT_FOR, rules.MOST_EXPORTED)  # twelve months


def test_without_a_name_it_was_a_command_or_somebody_at_the_door(english):
    at_the_door = {action for action in AuditAction if str(rules.who_in_words(None, action)) == "somebody at the door"}
    assert {str(one) for one in at_the_door} == {"sign_in_failed", "sign_in_locked", "signed_out", "file_taken"}
    others = {str(rules.who_in_words(None, action)) for action in set(AuditAction) - at_the_door}
    assert others == {"a command on the server"}
    assert rules.who_in_words("Sam", AuditAction.SIGN_IN_FAILED) == "Sam"


def test_a_change_is_said_in_words_where_there_are_some(english):
    kinds = {"study": "Study"}
    said = rules.in_words(
        {"role": ["secretary", None], "record_kind": ["study", "other"], "x": ["study", "1"], "clean": [None, "yes"]},
        kinds,
    )
    assert [tuple(None if part is None else str(part) for part in change) for change in said] == [
        ("Party post", "Secretary", None),
        ("Kind of record", "Study", "other"),
        ("x", "study", "1"),
        ("All as it was written", None, "yes"),
    ]


@pytest.mark.parametrize(("clean", "is_clean"), [("yes", True), ("no", False), (None, False)])
def test_what_a_verification_says(clean, is_clean):
    at = datetime(2026, 3, 9, tzinfo=UTC)
    found = rules.verified(at, {"clean": [None, clean], "facts": [None, "12"]}, "Sam")
    assert found == rules.Verified(at, is_clean, "Sam", {"facts": "12"})
