"""Study records for tests."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.records import service as records
from app.features.records.rules import NewRecord
from app.features.reviews.models import Review
from app.features.reviews.service import approve, return_to_member
from app.features.study.record import RECORD
from app.features.study.rules import Studied, StudyKind
from tests.makers import Person

MORNING = datetime(2026, 3, 9, 2, tzinfo=UTC)


def new_study(member: Person, **values: Any) -> NewRecord[Studied]:
    """Half an hour of self-study of ``member`` on the morning of 9 March 2026, unless said otherwise."""
    occurred_at = values.get("occurred_at", MORNING)
    usual = {"kind": StudyKind.SELF_STUDY, "title": "《监察法》第三章", "minutes": 30, "takeaway": None}
    said = Studied(**{name: values.pop(name, value) for name, value in usual.items()})
    return NewRecord(
        **{
            "id": new_id(),
            "branch_id": member.branch_id,
            "member_id": member.id,
            "recorded_by_id": member.id,
            "said": said,
            "occurred_on": clock.local_day(occurred_at),
            "occurred_at": occurred_at,
            "device_time": "2026-03-09T10:00:00+08:00",
            "received_at": occurred_at,
            **values,
        }
    )


def make_study_record(session: Session, member: Person, *, title: str = "《监察法》第三章", **values: Any) -> UUID:
    """``new_study``, recorded; gives its id."""
    return records.record_all(session, RECORD, [new_study(member, title=title, **values)])[0].id


def make_approved_study(session: Session, member: Person, officer: Person, **values: Any) -> Review:
    """A record that ``officer`` has approved."""
    record_id = make_study_record(session, member, **values)
    return approve(session, officer.actor, [record_id], acknowledged=True).done[0]


def make_returned_study(session: Session, member: Person, officer: Person, **values: Any) -> Review:
    """A record that ``officer`` has returned."""
    record_id = make_study_record(session, member, **values)
    return return_to_member(session, officer.actor, [record_id], reason="请写明学了什么").done[0]
