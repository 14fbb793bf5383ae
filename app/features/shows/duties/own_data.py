"""What is kept of a member's duties: the duties, what was said of them, how they ended, and what was handed over."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.shows.duties import queries
from app.features.shows.duties.models import Duty, DutyHandOver, DutyOutcome, DutyProgress

Rows = Sequence[Row[*tuple[Any, ...]]]
_By: Final = aliased(Member)
_ME: Final = bindparam("me", type_=Uuid())
_WORDS: Final = (
    select(
        DutyProgress.duty_id,
        Duty.matter,
        DutyProgress.state,
        DutyProgress.note,
        DutyProgress.said_at,
        _By.name.label("recorded_by"),
    )
    .join(Duty, Duty.id == DutyProgress.duty_id)
    .join(_By, _By.id == DutyProgress.recorded_by_id)
    .where(or_(DutyProgress.member_id == _ME, DutyProgress.recorded_by_id == _ME))
    .order_by(DutyProgress.said_at, DutyProgress.id)
)
_OUTCOMES: Final = (
    select(
        DutyOutcome.duty_id,
        Duty.matter,
        DutyOutcome.result,
        DutyOutcome.sentence,
        DutyOutcome.ended_on,
        _By.name.label("recorded_by"),
        DutyOutcome.recorded_at,
    )
    .join(Duty, Duty.id == DutyOutcome.duty_id)
    .join(_By, _By.id == DutyOutcome.recorded_by_id)
    .where(or_(DutyOutcome.member_id == _ME, DutyOutcome.recorded_by_id == _ME))
    .order_by(DutyOutcome.ended_on, DutyOutcome.id)
)
_HAND_OVERS: Final = (
    select(
        DutyHandOver.duty_id,
        Duty.matter,
        DutyHandOver.starts_on,
        DutyHandOver.ends_on,
        DutyHandOver.reason,
        _By.name.label("recorded_by"),
    )
    .join(Duty, Duty.id == DutyHandOver.duty_id)
    .join(_By, _By.id == DutyHandOver.recorded_by_id)
    .where(or_(DutyHandOver.to_id == _ME, DutyHandOver.duty_id.in_(select(Duty.id).where(Duty.member_id == _ME))))
    .order_by(DutyHandOver.starts_on, DutyHandOver.id)
)


def _own(statement: Select[*tuple[Any, ...]], session: Session, actor: Actor) -> Rows:
    return session.execute(statement, {"me": actor.member_id}).all()


SECTIONS: Final = (
    Section(
        "duties",
        _("Duty list"),
        {
            "id": _("Id"),
            "kind": _("Kind"),
            "matter": _("What is to be done"),
            "basis": _("Basis"),
            "due_on": _("Due"),
            "source": _("How it came"),
            "repeat": _("Repeat"),
            "helpers": _("Helpers"),
            "state": _("State"),
        },
        queries.own,
        {
            "kind": lambda kind: str(kind.label),
            "source": lambda source: str(source.label),
            "repeat": lambda repeat: str(repeat.label),
            "helpers": "、".join,
            "state": lambda state: str(state.label),
        },
    ),
    Section(
        "duty_progress",
        _("Progress of duties"),
        {
            "duty_id": _("Id"),
            "matter": _("What is to be done"),
            "state": _("How it goes"),
            "note": _("In a sentence"),
            "said_at": _("When"),
            "recorded_by": _("Recorded by"),
        },
        lambda session, actor: _own(_WORDS, session, actor),
        {"state": lambda state: str(state.label)},
    ),
    Section(
        "duty_ends",
        _("How duties ended"),
        {
            "duty_id": _("Id"),
            "matter": _("What is to be done"),
            "result": _("Result"),
            "sentence": _("In a sentence"),
            "ended_on": _("Day"),
            "recorded_by": _("Recorded by"),
            "recorded_at": _("When"),
        },
        lambda session, actor: _own(_OUTCOMES, session, actor),
        {"result": lambda result: str(result.label)},
    ),
    Section(
        "duty_hand_overs",
        _("Duties handed over"),
        {
            "duty_id": _("Id"),
            "matter": _("What is to be done"),
            "starts_on": _("From"),
            "ends_on": _("Until"),
            "reason": _("Reason"),
            "recorded_by": _("Recorded by"),
        },
        lambda session, actor: _own(_HAND_OVERS, session, actor),
    ),
)
