"""Guessing is slow: every attempt is counted before the password is looked at, and forgiven when it was right.

Counted first, committed, then read again: of any number of attempts at once no more than the limit get through,
on both databases and without a lock held while a password is verified.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.features.sign_in.errors import LockedError
from app.features.sign_in.models import SignInFailure
from app.features.sign_in.rules import (
    ACCOUNT_LIMIT,
    ADDRESS_LIMIT,
    CLOCKS_DIFFER,
    FAILURES_MATTER,
    HERE_LIMIT,
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
_LIMITS: Final = tuple(
    (limit, _OTHERS.where(*places).limit(limit.failures))
    for limit, places in (
        (HERE_LIMIT, (_OF_ACCOUNT, _FROM_ADDRESS)),
        (ACCOUNT_LIMIT, (_OF_ACCOUNT,)),
        (ADDRESS_LIMIT, (_FROM_ADDRESS,)),
    )
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who wants to prove something, from somewhere."""

    id: UUID
    account: str
    """Digest of whose door it is."""
    address: str
    """Digest of the visitor's network."""


def begin(units: Database, *, account: UUID | str, network: str) -> Attempt:
    """Count an attempt on the ``account`` of a member, or on what else is guessed at, from ``network``.

    Raises:
        LockedError: there were too many; this one is not counted, so that waiting helps.
    """
    attempt = Attempt(new_id(), digest(f"account:{account}"), digest(f"address:{network}"))
    with units.read() as session:
        _check(session, attempt)
    with units.write() as session:
        session.add(SignInFailure(id=attempt.id, account_digest=attempt.account, address_digest=attempt.address))
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


def _check(session: Session, attempt: Attempt) -> None:
    now = clock.now()
    values = {
        "own": attempt.id,
        "account": attempt.account,
        "address": attempt.address,
        "since": now - FAILURES_MATTER,
        "until": now + CLOCKS_DIFFER,
    }
    for limit, others in _LIMITS:
        until = locked_until(session.scalars(others, values).all(), limit)
        if until and until > now:
            raise LockedError(minutes=math.ceil((until - now) / timedelta(minutes=1)))
