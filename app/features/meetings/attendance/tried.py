"""What attendance gives, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from app.core.tried import Case, Count, Day, Moment, Question
from app.features.meetings.attendance import rules as attendance
from app.features.meetings.attendance.rules import Kind


class _Item(Question):
    kind: Kind
    minutes: Count = 0
    study: bool = False


def _item(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class _Event(Question):
    begins: Moment
    ends: Moment
    items: list[Annotated[_Item, BeforeValidator(_item)]]
    state: attendance.State
    arrived: Moment | None = None
    left: Moment | None = None
    leave: attendance.Leave | None = None
    made_up_on: Day | None = None
    confirmed_by: attendance.ConfirmedBy = attendance.ConfirmedBy.OWN
    confirmed_on: Day | None = None


class Attendance(Case):
    """One person at one gathering."""

    events: list[_Event]
    as_of: Day | None = None

    def answer(self) -> Mapping[str, Any]:
        """At most one loss, study sessions, minutes of education."""
        found = attendance.given(
            [
                attendance.Attended(
                    items=[attendance.Item(item.kind, item.minutes, item.study) for item in one.items],
                    **{name: getattr(one, name) for name in _Event.model_fields if name != "items"},
                )
                for one in self.events
            ],
            self.as_of,
        )
        facts = [
            {"fact": loss.fact_type, "occurred_on": loss.occurred_on, "counts_in": f"{loss.counts_in:%Y-%m}"}
            for loss in found.losses
        ]
        return {"facts": facts, "study_sessions": found.study_sessions, "education_minutes": found.education_minutes}


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType({"attendance": Attendance})
