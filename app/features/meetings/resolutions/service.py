"""Recording a vote: computed by the rules, and kept with what it was computed from; corrected by two people."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError, ImpossibleError, NotFoundError
from app.features.meetings.counted.rules import WaitsAlreadyError, check_votes
from app.features.meetings.counted.service import decided
from app.features.meetings.events import expected
from app.features.meetings.events import queries as events
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.meetings.events.service import kept
from app.features.meetings.resolutions import queries, rules
from app.features.meetings.resolutions.models import CorrectionWord, Resolution
from app.features.meetings.votes.rules import ABOUT_ONE_PERSON, Broken, Matter, VoteResult, first_day_of_conversion
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.two_people import Second, check_second

_ABOUT: Final = dict.fromkeys(rules.OF_PROBATION, ("about_id",)) | {
    Matter.ADMISSION: ("about",),
    Matter.EXTENSION: ("about_id", "months"),
}
"""What the form of a vote about one person says of whom."""
_KEPT: Final = (
    "event_id", "kind", "matter", "wording", "about_id", "about", "admitted_on", "months", "full_members", "resting",
    "left_out", "n", "secret", "election_id",
)  # fmt: skip
"""What a correction takes over from the result it corrects."""


def record_vote(
    session: Session,
    actor: Actor,
    *,
    event_id: UUID,
    id: UUID,  # noqa: A002 (what it is)
    matter: Matter,
    seen: tuple[int, int],
    out_of_room: int = 0,
    **said: Any,
) -> UUID:
    """Record what a vote came to. Twice is once.

    Args:
        session: the unit of work.
        actor: who records the meeting.
        event_id: the meeting.
        id: made with the page.
        matter: what was voted on; elections have a way of their own.
        seen: N and those who came, as the page said them before the vote.
        out_of_room: of those who came, how many were not in the room.
        said: ``wording``, ``secret``, ``about_id``, ``about``, ``admitted_on``, ``months``, ``yes``, ``no``,
            ``abstain`` and the three of written opinions.

    Raises:
        NoVotesError, NotRecordedError, CountsChangedError, OutOfRoomError: it is not the time for it.
        ImpossibleError: numbers that do not add up; it says which.
    """
    if matter is Matter.ELECTION:
        raise NotFoundError
    event, before = ready(session, actor, event_id, matter)
    counts = {name: said.get(name) for name in rules.COUNTS}
    words = {name: said.get(name) for name in ("wording", "secret", *_ABOUT.get(matter, ()))}
    asked = {"event_id": event_id, "matter": matter, "n": seen[0], "present": seen[1] - out_of_room}
    if sent_already(session, id, counts, **asked, **words):
        return id
    present = in_room(event, before, seen, out_of_room)
    row = words | before.kept | {"event_id": event_id, "matter": matter}
    row |= _about(session, event, before, matter, said)
    found = rules.verdict_of(matter, n=before.n, present=present, counts=counts)
    put(session, actor, found, id=id, present=present, counts=counts, **row)
    return id


def correct_vote(
    session: Session,
    actor: Actor,
    *,
    resolution_id: UUID,
    id: UUID,  # noqa: A002 (what it is)
    present: int,
    reason: str,
    **counts: int | None,
) -> UUID:
    """Say what a vote really came to; it holds when another officer has confirmed it. N stays as it was.

    Raises:
        CorrectedAlreadyError: a correction waits, or this one was corrected.
        ImpossibleError: numbers that do not add up.
    """
    old, _event = queries.card(session, actor, resolution_id)
    kept(session, actor, old.event_id)
    if sent_already(session, id, counts, corrects_id=resolution_id, present=present, reason=reason):
        return id
    if old.election_id:
        raise NotFoundError
    found = rules.verdict_of(old.matter, n=old.n, present=present, counts=counts)
    put_correction(session, actor, old, found, id=id, present=present, counts=counts, reason=reason)
    return id


def put_correction(session: Session, actor: Actor, old: AnyRow, found: VoteResult, **row: Any) -> None:
    """Write what a result really was, in the place of ``old`` once another officer has said so; see ``put``.

    Raises:
        CorrectedAlreadyError: a correction waits, or this one was corrected.
    """
    check_unwaited(session, old)
    if not any(one.id == old.id and queries.stands(one) for one in queries.of_event(session, old.event_id)):
        raise rules.CorrectedAlreadyError
    put(session, actor, found, **{name: getattr(old, name) for name in _KEPT}, **row, corrects_id=old.id)


def check_unwaited(session: Session, result: AnyRow) -> None:
    """Let pass a result of which no correction waits or stands."""
    rows = queries.of_event(session, result.event_id)
    if any(one.corrects_id == result.id and one.second is not Second.DECLINE for one in rows):
        raise rules.CorrectedAlreadyError


def decide_correction(session: Session, actor: Actor, *, resolution_id: UUID, second: Second) -> None:
    """Confirm a correction, or not."""
    row, _event = queries.card(session, actor, resolution_id)
    decided(session, actor, row.event_id)
    kept(session, actor, row.event_id)
    if row.corrects_id is None:
        raise NotFoundError
    if session.get(CorrectionWord, resolution_id, populate_existing=True):
        raise WaitsAlreadyError
    check_second(session, actor, entered_by_id=row.recorded_by_id, about=row.about_id)
    said = {"resolution_id": resolution_id, "recorded_by_id": row.recorded_by_id, "said_by_id": actor.member_id}
    session.add(CorrectionWord(**said, second=second))
    session.flush()


def ready(session: Session, actor: Actor, event_id: UUID, matter: Matter) -> tuple[MeetingEvent, queries.Before]:
    """The meeting, held, with what stands before a vote on this matter."""
    event = kept(session, actor, event_id)
    check_votes(frozenset(item.kind for item in expected.items_of(session, event_id)))
    if events.is_joint(session, event_id):
        raise rules.JointError
    return event, queries.before(session, event, matter)


def in_room(event: MeetingEvent, before: queries.Before, seen: tuple[int, int], out_of_room: int) -> int:
    """How many of those with a vote were in the room, where everything still is as it was ``seen``.

    Raises:
        CountsChangedError: others have a vote or came by now.
    """
    if event.state is not EventState.RECORDED:
        raise rules.NotRecordedError
    if seen != (before.n, before.present):
        raise rules.CountsChangedError(n=before.n, present=before.present)
    if out_of_room > before.present:
        raise rules.OutOfRoomError
    return before.present - out_of_room


def sent_already(
    session: Session,
    id: UUID,  # noqa: A002 (what it is)
    counts: Mapping[str, Any],
    **said: Any,
) -> bool:
    """Whether a result came from this form already, and says the same.

    Raises:
        ContentDiffersError: it says something else, which would be lost unseen.
    """
    there = session.get(Resolution, id)
    if there and any(
        getattr(there, name) != value for name, value in (said | rules.as_kept(there.outcome, counts)).items()
    ):
        raise ContentDiffersError
    return there is not None


def put(
    session: Session,
    actor: Actor,
    found: VoteResult,
    *,
    id: UUID,  # noqa: A002 (what it is)
    present: int,
    counts: Mapping[str, Any],
    **row: Any,
) -> None:
    """Write a result; below the quorum without any."""
    session.add(
        Resolution(
            id=id,
            present=present,
            need_present=found.need.present,
            need_yes=found.need.yes,
            outcome=found.outcome,
            near_tie=found.near_tie,
            recorded_by_id=actor.member_id,
            **rules.as_kept(found.outcome, counts),
            **row,
        )
    )
    session.flush()


def _about(
    session: Session, event: MeetingEvent, before: queries.Before, matter: Matter, said: Mapping[str, Any]
) -> dict[str, Any]:
    """Whom it is about, so far as the matter asks."""
    told: dict[str, Any] = {"about_id": None, "about": None, "admitted_on": None, "months": None}
    if matter is Matter.ADMISSION:
        if not said.get("about"):
            raise rules.AboutMissingError(at="about")
        return told | {"about": said["about"]}
    if matter not in ABOUT_ONE_PERSON:
        return told
    belongs = before.counted.own.get(said.get("about_id"))  # type: ignore[arg-type]
    if belongs is None or belongs.is_full:
        raise rules.AboutMissingError
    whose = members.member_card(session, said["about_id"])
    earlier = [row for row in queries.carried_about(session, whose.id) if row.matter is Matter.EXTENSION]
    told |= {"about_id": whose.id, "about": whose.name}
    if matter is Matter.EXTENSION:
        if earlier:
            raise rules.ExtendedAlreadyError
        if said.get("months") is None:
            raise ImpossibleError(Broken.EXTENSION)
        return told | {"months": said.get("months")}
    if matter is Matter.CONVERSION:
        admitted = _day(whose.joined) or said.get("admitted_on")
        if admitted is None:
            raise rules.AdmittedMissingError
        first = first_day_of_conversion(admitted, sum(row.months for row in earlier))
        if clock.local_day(event.begins_at) < first:
            raise rules.TooEarlyToConvertError(first)
        told["admitted_on"] = admitted
    return told


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written and len(written) == len("2026-01-01") else None
