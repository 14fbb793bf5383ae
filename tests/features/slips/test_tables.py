"""The numbers of activation slips, written out once."""

from datetime import timedelta

from app.features.slips import rules


def test_limits():
    assert timedelta(days=14) == rules.VALID_FOR
    assert rules.MOST_AT_ONCE == 300
    assert (rules.CODE_LENGTH, rules.GROUP) == (12, 4)  # 60 bits, read out in three groups
    assert rules.ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
