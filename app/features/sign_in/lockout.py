"""Guessing is slow: every attempt is counted before the password is looked at, and forgiven when it was right.

Counted first, committed, then read again: of any number of attempts at once no more than the limit get through,
on both databases and without a lock held while a password is verified. What strangers can use up is never all there is:
a known device has attempts of its own (docs/decisions/0024).
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, bindparam, delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.features.sign_in.errors import LockedError
from app.features.sign_in.models import SignInFailure
from app.features.sign_in.rules import (
    ACCOUNT_CEILING,
    ACCOUNT_LIMIT,
    ADDRESS_CEILING,
    ADDRESS_LIMIT,
    CAREFUL_LIMIT,
    CLOCKS_DIFFER,
    FAILURES_MATTER,
    HERE_LIMIT,
    FailureLimit,
    locked_until,
)
from app.features.sign_in.tokens import digest

_OF_ACCOUNT: Final = SignInFailure.account_digest == bindparam("account")
_FROM_ADDRESS: Final = SignInFailure.address_digest == bindparam("address")
_OTHERS: Final = (
    select(SignInFailure.failed_at)
    .where(
        SignInFailure.id != bindparam("own"),
        SignInFailure.failed_at > bindparam("since"),
        SignInFailure.failed_at < bindparam("until"),
    )
    .order_by(SignInFailure.failed_at.desc())
)


class _Limit(NamedTuple):
    """A limit, and the failures that count for it."""

    limit: FailureLimit
    failures: Select[datetime]


def _limit(limit: FailureLimit, *places: ColumnElement[bool]) -> _Limit:
    return _Limit(limit, _OTHERS.where(*places).limit(limit.failures))


_NOBODY_S: Final = UUID(int=0)
_HERE: Final = _limit(HERE_LIMIT, _OF_ACCOUNT, _FROM_ADDRESS)
_SHARED: Final = (_limit(ACCOUNT_LIMIT, _OF_ACCOUNT), _limit(ADDRESS_LIMIT, _FROM_ADDRESS))
_UNDER_ATTACK: Final = (
    _limit(CAREFUL_LIMIT, _OF_ACCOUNT, _FROM_ADDRESS),
    _limit(ACCOUNT_CEILING, _OF_ACCOUNT),
    _limit(ADDRESS_CEILING, _FROM_ADDRESS),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who wants to prove something, from somewhere."""

    id: UUID
    account: str
    """Digest of whose door it is."""
    address: str
    """Digest of the place it comes from: a known device, or the visitor's network."""
    is_known: bool
    """Whether the account was opened there before, so that nobody else can use up its attempts."""


def begin(
    units: Database, *, account: UUID | str, network: str, known: str | None = None, at: datetime | None = None
) -> Attempt:
    """Count an attempt on the ``account`` of a member, or on what else is guessed at, from ``network``.

    ``known`` names a device or a session on which just this account was opened before. Then its own attempts count,
    and nothing that others do elsewhere or behind the same address. ``at`` is noted in place of this moment, where that
    would tell too much.

    Raises:
        LockedError: there were too many; this one is not counted, so that waiting helps.
    """
    place = digest(f"known:{known}") if known else digest(f"address:{network}")
    attempt = Attempt(uuid4(), digest(f"account:{account}"), place, known is not None)
    with units.read() as session:
        _check(session, attempt)
    with units.write() as session:
        session.add(
            SignInFailure(
                id=attempt.id,
                account_digest=attempt.account,
                address_digest=attempt.address,
                failed_at=at or clock.now(),
            )
        )
    try:
        with units.read() as session:
            _check(session, attempt)
    except LockedError:
        with units.write() as session:
            session.execute(delete(SignInFailure).where(SignInFailure.id == attempt.id))
        raise
    return attempt


def forgive(session: Session, attempt: Attempt) -> None:
    """It was right: forget what was counted on this account from this address."""
    session.execute(
        delete(SignInFailure).where(_OF_ACCOUNT, _FROM_ADDRESS),
        {"account": attempt.account, "address": attempt.address},
    )


def is_closed(session: Session, attempt: Attempt) -> bool:
    """Whether the door is locked where ``attempt`` has just failed."""
    return _lock(session, replace(attempt, id=_NOBODY_S), _HERE) is not None


def _check(session: Session, attempt: Attempt) -> None:
    limits = [_HERE]
    if not attempt.is_known and any(_lock(session, attempt, shared) for shared in _SHARED):
        limits += _UNDER_ATTACK
    locks = [lock for limit in limits if (lock := _lock(session, attempt, limit))]
    if locks:
        raise LockedError(minutes=math.ceil(max(locks) / timedelta(minutes=1)))


def _lock(session: Session, attempt: Attempt, limit: _Limit) -> timedelta | None:
    """How long ``limit`` keeps the door locked from now on."""
    now = clock.now()
    values = {
        "own": attempt.id,
        "account": attempt.account,
        "address": attempt.address,
        "since": now - FAILURES_MATTER,
        "until": now + CLOCKS_DIFFER,
    }
    until = locked_until(session.scalars(limit.failures, values).all(), limit.limit)
    return until - now if until and until > now else None
