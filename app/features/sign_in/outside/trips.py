"""Going outside and coming back: once, in time, and in the browser that has gone."""

import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core import clock, pulses
from app.core.db import Database
from app.core.pace import Pace
from app.core.rows import rowcount
from app.features.sign_in.outside.errors import DeclinedError, OutsideError, StaleTripError, TooManyTripsError
from app.features.sign_in.outside.models import OutsideTrip
from app.features.sign_in.outside.rules import NEXT_LENGTH, TRIP_LASTS, TRIPS_AN_HOUR, OutsideIdentity, Purpose, Way
from app.features.sign_in.outside.ways import Reader, Trip
from app.features.sign_in.rules import landing
from app.features.sign_in.tokens import digest, new_token

log = logging.getLogger("sanliang")
_PACE: Final = Pace(TooManyTripsError)


class Wanted(NamedTuple):
    """What somebody goes outside for."""

    purpose: Purpose
    lands_on: str
    member_id: UUID | None = None
    is_shared: bool = False


class Out(NamedTuple):
    """Where the browser goes, and what it keeps meanwhile."""

    address: str
    token: str


def begin(
    units: Database,
    reader: Reader,
    way: Way,
    wanted: Wanted,
    *,
    back: str,
    network: str,
    token: str | None = None,
    browser: str = "",
) -> Out:
    """Go outside. ``token`` is what the browser keeps already, of another tab.

    Raises:
        TooManyTripsError: nobody goes so often.
        OutsideError: nobody is there.
    """
    now = clock.now()
    _PACE.count(network, TRIPS_AN_HOUR, now)
    trip = Trip(
        state=secrets.token_hex(24),
        token=token or new_token(),
        back=back,
        proves=wanted.purpose is Purpose.CONFIRM,
        browser=browser,
    )
    with _noted(units, way):
        address = reader.address(trip)
    to = landing(wanted.lands_on)
    with units.write() as session:
        session.add(
            OutsideTrip(
                state_digest=digest(trip.state),
                browser_digest=digest(trip.token),
                way=way,
                purpose=wanted.purpose,
                member_id=wanted.member_id,
                lands_on=to if len(to) <= NEXT_LENGTH else "/",
                is_shared=wanted.is_shared,
                begun_at=now,
            )
        )
    return Out(address, trip.token)


def take(units: Database, way: Way, *, state: str, token: str | None) -> Wanted:
    """Use a trip up: of two who come back with the same state one is let on.

    Raises:
        StaleTripError: there is none, it is too old, or another browser has begun it.
    """
    with units.write() as session:
        gone = session.execute(
            delete(OutsideTrip)
            .where(
                OutsideTrip.state_digest == digest(state),
                OutsideTrip.browser_digest == digest(token or ""),
                OutsideTrip.way == way,
            )
            .returning(
                OutsideTrip.purpose,
                OutsideTrip.lands_on,
                OutsideTrip.member_id,
                OutsideTrip.is_shared,
                OutsideTrip.begun_at,
            )
        ).one_or_none()
    if gone is None or not token or clock.now() - gone.begun_at > TRIP_LASTS:
        raise StaleTripError
    return Wanted(gone.purpose, gone.lands_on, gone.member_id, gone.is_shared)


def ask(units: Database, reader: Reader, way: Way, trip: Trip, query: Mapping[str, str]) -> OutsideIdentity:
    """Who has come back, asked outside of any unit of work.

    Raises:
        OutsideError: nobody answers, the person declined, or it proves nothing.
    """
    with _noted(units, way):
        said = reader.said(trip, query)
    with units.write() as session:
        pulses.beat(session, f"in {way.value}", clock.now())
    return said


@contextmanager
def _noted(units: Database, way: Way) -> Iterator[None]:
    """What goes wrong outside stands in the log, with its reason, and on the page of who looks after the machine.

    There it does not stand if the browser alone says so: anybody could.
    """
    try:
        yield
    except OutsideError as refusal:
        log.warning("sign-in by %s failed: %s", way.value, refusal.values.get("why", refusal.code))
        if not (isinstance(refusal, DeclinedError) or refusal.values.get("from_browser")):
            with units.write() as session:
                pulses.beat(session, f"no {way.value}", clock.now())
        raise


def sweep(session: Session, now: datetime) -> int:
    """Forget who has not come back; gives how many."""
    gone = delete(OutsideTrip).where(OutsideTrip.begun_at < now - TRIP_LASTS)
    return rowcount(session.execute(gone))
