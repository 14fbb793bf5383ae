"""The code shown in the room: six digits a minute (RFC 6238), and what a check-in with it is worth."""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

STEP_S: Final = 60
DIGITS: Final = 6
NEIGHBOURS: Final = 1
"""Steps before and after the moment whose code is taken as well."""
EXPIRED_STEPS: Final = 30
"""Steps around the moment within which a code was at least once shown. Source: domain, meetings §6."""
EARLIEST: Final = timedelta(minutes=60)
"""Before an event begins; earlier is doubtful."""
IN_TIME: Final = timedelta(minutes=30)
"""After an event began; more is late, and late is a fact. Source: §4."""
AHEAD: Final = timedelta(minutes=5)
"""How far a corrected time may lie ahead of the server's."""
WRONG_CODES: Final = 10
"""Of one person for one event; after that only the organiser's tick counts."""
MANY_ON_ONE_PHONE: Final = 3
SHIFT: Final = timedelta(seconds=30)
"""A phone's clock that is off by no more is believed. Source: the contract of phone and server."""


class CheckIn(Word):
    """What a check-in is worth. Bulk confirmation takes the first two."""

    GOOD = "good", _("in time")
    LATE = "late", _("late"), "warn"
    DOUBTFUL = "doubtful", _("doubtful"), "warn"
    REFUSED = "refused", _("refused"), "warn"


class Reason(Word):
    """Why a check-in is not simply good."""

    NOT_EXPECTED = "not_expected", _("This person is not expected at this meeting.")
    CANCELLED = "cancelled", _("The meeting was cancelled.")
    TOO_MANY_TRIES = "too_many_tries", _("Ten wrong codes: the organiser can tick the person present.")
    WRONG_CODE = "wrong_code", _("This is not the code of this meeting.")
    CODE_EXPIRED = "code_expired", _("The code is of another minute.")
    CLOCK_SKEW = "clock_skew", _("The phone's clock and the code do not agree.")
    TOO_EARLY = "too_early", _("More than an hour before it begins.")
    AFTER_END = "after_end", _("After the end.")
    UNCHECKED = "unchecked", _("It came so late that the code could no longer be checked.")


class Broken(Word):
    """What about a check-in cannot be."""

    CODE = "six_digits", _("The code has six digits.")
    EVENT = "ends_before_it_begins", _("The meeting ends before it begins.")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a code was typed, as far as it is known."""

    captured_at: datetime
    """The phone's own time."""
    sent_at: datetime | None = None
    """The phone's time of sending; without it and with ``received_at`` no offset is known (a file handed over)."""
    received_at: datetime | None = None
    """The server's time."""

    @property
    def offset(self) -> timedelta | None:
        """By how much the phone's clock is behind; ``None`` where nobody knows."""
        if self.sent_at is None:
            return None if self.received_at else timedelta()
        off = (self.received_at or self.sent_at) - self.sent_at
        return off if abs(off) > SHIFT else timedelta()

    @property
    def corrected_at(self) -> datetime:
        """The moment on the server's clock; the phone's own where no offset is known."""
        return self.captured_at + (self.offset or timedelta())


@dataclass(frozen=True, slots=True)
class CheckInFacts:
    """What is known of the person and the event beside the code."""

    expected: bool = True
    cancelled: bool = False
    wrong_before: int = 0
    """Wrong codes of this person for this event."""
    people_on_device: int = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """A check-in, judged."""

    outcome: CheckIn
    corrected_at: datetime
    reason: Reason | None = None
    minutes_late: int | None = None
    """Whole minutes after the beginning; ``None`` where the code says nothing about the time."""
    minutes_off: int | None = None
    """Steps between the code and the moment, where it expired."""
    one_device: bool = False


def typed(code: str) -> str:
    """The six digits somebody typed: full-width ones and spaces are taken, nothing is padded.

    Raises:
        ImpossibleError: not six digits.
    """
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise ImpossibleError(Broken.CODE)
    return digits


def _step(moment: datetime) -> int:
    return int(moment.timestamp() // STEP_S)


def _of_step(secret: bytes, step: int) -> str:
    """RFC 4226, §5.3. By hand, as a wrong code asks for 61 of them, and a phone may bring 50."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def code_at(secret: bytes, moment: datetime) -> str:
    """The code that is shown at ``moment``. RFC 6238 with HMAC-SHA-1, six digits, steps of 60 s from 1970.

    Raises:
        ImpossibleError: before 1970.
    """
    if (step := _step(moment)) < 0:
        raise ImpossibleError(Broken.EVENT)
    return _of_step(secret, step)


def _steps_off(secret: bytes, code: str, moment: datetime) -> int | None:
    """How many steps ``code`` is away from ``moment``; ``None`` where it was not shown near it."""
    now = _step(moment)
    for off in range(EXPIRED_STEPS + 1):
        for step in (now - off, now + off):
            if step >= 0 and hmac.compare_digest(_of_step(secret, step), code):
                return off
    return None


def _by_time(
    at: datetime, *, starts: datetime, ends: datetime, received: datetime | None
) -> tuple[CheckIn, Reason | None]:
    """What a matching code is worth, by when it was typed."""
    if received is not None and at > received + AHEAD:
        return CheckIn.DOUBTFUL, Reason.CLOCK_SKEW
    if at < starts - EARLIEST:
        return CheckIn.DOUBTFUL, Reason.TOO_EARLY
    if at <= starts + IN_TIME:
        return CheckIn.GOOD, None
    return (CheckIn.LATE, None) if at <= ends else (CheckIn.DOUBTFUL, Reason.AFTER_END)


def judge(
    secret: bytes,
    code: str,
    *,
    starts: datetime,
    ends: datetime,
    moment: Moment,
    standing: CheckInFacts = CheckInFacts(),
) -> Judged:
    """What a check-in is worth, in the order of the table. Source: domain, meetings §6 and §15.

    Raises:
        ImpossibleError: not six digits, or an event that ends before it begins.
    """
    if ends <= starts:
        raise ImpossibleError(Broken.EVENT)
    code, at = typed(code), moment.corrected_at
    one_device = standing.people_on_device >= MANY_ON_ONE_PHONE

    def judged(
        outcome: CheckIn, reason: Reason | None = None, *, off: int | None = None, timed: bool = False
    ) -> Judged:
        late = max(0, int((at - starts).total_seconds() // STEP_S)) if timed else None
        return Judged(outcome, at, reason, late, off, one_device)

    if not standing.expected:
        return judged(CheckIn.REFUSED, Reason.NOT_EXPECTED)
    if standing.cancelled:
        return judged(CheckIn.DOUBTFUL, Reason.CANCELLED)
    if standing.wrong_before >= WRONG_CODES:
        return judged(CheckIn.REFUSED, Reason.TOO_MANY_TRIES)
    off = _steps_off(secret, code, at)
    if off is None or off > NEIGHBOURS:
        if moment.offset is None:
            return judged(CheckIn.DOUBTFUL, Reason.CLOCK_SKEW)
        if off is None:
            return judged(CheckIn.REFUSED, Reason.WRONG_CODE)
        return judged(CheckIn.DOUBTFUL, Reason.CODE_EXPIRED, off=off)
    return judged(*_by_time(at, starts=starts, ends=ends, received=moment.received_at or moment.sent_at), timed=True)
