"""Receipts of what was not signed: guessing a code is slow, and so is sending from one network."""

from datetime import datetime
from typing import Final

from app.core import clock
from app.core.db import Database
from app.core.sealing import KeyMissingError, keyed_digest
from app.features.complaints import queries, service
from app.features.complaints.errors import ReceiptLockedError, TooOftenError, UnknownReceiptError
from app.features.members.queries import AnyRow
from app.features.sign_in import lockout
from app.features.sign_in.errors import LockedError
from app.features.sign_in.rules import HERE_LIMIT
from app.features.sign_in.tokens import digest, new_token
from app.features.slips.rules import read_code

_OF_THIS_PROCESS: Final = new_token()
"""Stands in for the installation's key where that is missing: then each process counts for itself."""


def begin(units: Database, *, network: str) -> None:
    """Count one more that comes from ``network`` without a name; nothing ties the count to what is sent.

    The count knows the quarter of an hour, and the network only by a digest that nobody can try out.

    Raises:
        TooOftenError: five came from there in this quarter of an hour by the clock.
    """
    try:
        nameless = _nameless(f"complaints:{network}")
        lockout.begin(units, account=nameless, network=nameless, at=_quarter(clock.now()))
    except LockedError as locked:
        raise TooOftenError(minutes=locked.values["minutes"]) from None


def open_with(units: Database, *, typed: str, network: str, take_back: bool) -> AnyRow:
    """What was sent under the code that was ``typed``, after taking it back where that is wanted.

    Raises:
        ReceiptLockedError: too many wrong codes came from this network.
        NotWaitingError: it is answered and cannot be taken back.
    """
    code = read_code(typed)
    if code is None:
        raise UnknownReceiptError
    try:
        attempt = lockout.begin(units, account=f"complaint:{code}", network=_nameless(f"complaint:{network}"))
    except LockedError as locked:
        raise ReceiptLockedError(minutes=locked.values["minutes"]) from None
    with units.write() as session:
        if queries.by_receipt(session, code) is None:
            raise UnknownReceiptError  # nothing was written here; the attempt stays counted
        lockout.forgive(session, attempt)
        if take_back:
            service.withdraw(session, queries.lock_by_receipt(session, code))
    with units.read() as session:
        found = queries.by_receipt(session, code)
    if found is None:
        raise UnknownReceiptError
    return found


def _nameless(name: str) -> str:
    try:
        return keyed_digest(name)
    except KeyMissingError:
        return digest(f"{_OF_THIS_PROCESS}:{name}")


def _quarter(moment: datetime) -> datetime:
    """The beginning of the span that the limit looks at, in which ``moment`` lies."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % HERE_LIMIT.within
