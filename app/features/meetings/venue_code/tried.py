"""The code of the room, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from app.core import clock
from app.core.tried import Case, Count, Moment, Some
from app.features.meetings.venue_code import rules as venue_code


def _secret(value: object) -> bytes:
    if not isinstance(value, str) or not value or not value.isalnum():
        raise ValueError("a secret is hexadecimal")
    return bytes.fromhex(value)


Secret = Annotated[bytes, BeforeValidator(_secret)]


class Totp(Case):
    """The code of a moment."""

    secret_hex: Secret
    at: Moment

    def answer(self) -> Mapping[str, Any]:
        """Six digits."""
        return {"code": venue_code.code_at(self.secret_hex, self.at)}


class CheckIn(Case):
    """A check-in with the code of the room."""

    secret_hex: Secret
    code: str
    starts: Moment
    ends: Moment
    captured_at: Moment
    sent_at: Moment | None = None
    received_at: Moment | None = None
    cancelled: bool = False
    expected: bool = True
    wrong_before: Count = 0
    people_on_device: Some = 1

    def answer(self) -> Mapping[str, Any]:
        """What it is worth, and why."""
        judged = venue_code.judge(
            self.secret_hex,
            self.code,
            starts=self.starts,
            ends=self.ends,
            moment=venue_code.Moment(self.captured_at, self.sent_at, self.received_at),
            standing=venue_code.CheckInFacts(self.expected, self.cancelled, self.wrong_before, self.people_on_device),
        )
        return {
            "outcome": judged.outcome,
            "reason": judged.reason,
            "corrected_at": judged.corrected_at.astimezone(clock.zone()),
            "minutes_late": judged.minutes_late,
            "minutes_off": judged.minutes_off,
            "flags": ["one_device"] if judged.one_device else [],
        }


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType({"totp": Totp, "checkin": CheckIn})
