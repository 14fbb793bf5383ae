"""The numbers that members without a phone number sign in with. They are random, so that they tell nothing."""

import secrets
from typing import Final

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from app.features.members.models import Member

DIGITS: Final = 9
"""Fewer than a phone number's, so that the two are never confused."""

_TAKEN: Final = select(Member.member_number).where(
    Member.member_number.in_(bindparam("numbers", type_=String(), expanding=True))
)


def draw_numbers(session: Session, count: int) -> list[str]:
    """``count`` member numbers that nobody has yet."""
    numbers: set[str] = set()
    while len(numbers) < count:
        drawn = {_draw() for _ in range(count - len(numbers))}
        numbers |= drawn.difference(session.scalars(_TAKEN, {"numbers": sorted(drawn)}))
    return list(numbers)


def _draw() -> str:
    lowest: int = 10 ** (DIGITS - 1)
    return str(lowest + secrets.randbelow(9 * lowest))
