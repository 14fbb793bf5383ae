"""The numbers of activation slips, written out once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.features.slips import rules


def test_limits():
    assert timedelta(days=14) == rules.VALID_FOR
    assert rules.MOST_AT_ONCE == 300
    assert (rules.CODE_LENGTH, rules.GROUP) == (12, 4)  # 60 bits, read out in three groups
    assert rules.ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U


@pytest.mark.parametrize(
    ("used", "seconds", "state"),
    [(False, -1, "valid"), (False, 0, "expired"), (False, 1, "expired"), (True, 1, "used"), (True, -1, "used")],
)
def test_a_slip_is_good_until_it_expires(used, seconds, state):
    issued = datetime(2026, 3, 9, tzinfo=UTC)
    expires = issued + rules.VALID_FOR
    slip = rules.LastSlip(UUID(int=1), issued, expires, issued if used else None)
    assert slip.state(expires + timedelta(seconds=seconds)) == state
