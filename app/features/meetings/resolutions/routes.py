"""Votes: what one needs before it is taken, what it came to, and its correction."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import answers, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import Day, FormModel, RawForm, id_of, sent
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.meetings.events import expected
from app.features.meetings.events import queries as events
from app.features.meetings.resolutions import queries, rules, service, view
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.votes.rules import ABOUT_ONE_PERSON, Matter
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import SecondForm
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]
Number = Annotated[int, Field(ge=0, le=9999)]


class Counts(FormModel):
    """The votes as they were counted; empty is none."""

    id: UUID
    yes: Number | None = None
    no: Number = 0
    abstain: Number = 0
    written_yes: Number = 0
    written_no: Number = 0
    written_abstain: Number = 0


class VoteForm(Counts):
    """A vote and what it came to."""

    matter: Matter
    n: int
    present: int
    """Both as the page said them before the vote."""
    out_of_room: Number = 0
    wording: Annotated[str, Field(min_length=1, max_length=rules.WORDING_LENGTH)]
    secret: bool = False
    about_id: UUID | None = None
    about: Annotated[str, Field(max_length=rules.NAME_LENGTH)] | None = None
    admitted_on: Day | None = None
    months: Annotated[int, Field(ge=rules.EXTENSION_MONTHS[0], le=rules.EXTENSION_MONTHS[-1])] | None = None


class CorrectForm(Counts):
    """What a vote really came to, and why that was recorded otherwise."""

    present: Number
    reason: Annotated[str, Field(min_length=1, max_length=rules.REASON_LENGTH)]


@router.get("/{event_id}/votes")
def vote(
    request: Request,
    session: DbSession,
    actor: Recorder,
    event_id: UUID,
    matter: Annotated[Matter | None, Query()] = None,
) -> Response:
    """N, how it came about, what the vote needs; and the form for what was counted."""
    return _form(request, session, actor, event_id, matter=matter)


@router.post("/{event_id}/votes")
def record(request: Request, session: DbSession, actor: Recorder, event_id: UUID, raw: RawForm) -> Response:
    """Record what was counted; the result is computed."""

    def do(form: VoteForm) -> Done:
        said = form.model_dump(exclude={"n", "present"})
        service.record_vote(session, actor, event_id=event_id, seen=(form.n, form.present), **said)
        return Done(f"{HOME}/votes/{form.id}", _("Recorded. The result stands with what it was computed from."))

    typed = str(raw.get("matter"))
    page = partial(_form, request, session, actor, event_id, matter=Matter(typed) if typed in set(Matter) else None)
    return answers.act(request, session, raw, VoteForm, do, page=page)


@router.get("/votes/{resolution_id}")
def result(request: Request, session: DbSession, actor: MemberActor, resolution_id: UUID) -> Response:
    """What a vote came to, explained."""
    return _result(request, session, actor, resolution_id)


@router.post("/votes/{resolution_id}/correct")
def correct(request: Request, session: DbSession, actor: Recorder, resolution_id: UUID, raw: RawForm) -> Response:
    """Say what it really came to; another officer confirms it."""

    def do(form: CorrectForm) -> Done:
        service.correct_vote(session, actor, resolution_id=resolution_id, **dict(form))
        return Done(f"{HOME}/votes/{form.id}", _("Entered. It counts when the other one of you has confirmed it."))

    page = partial(_result, request, session, actor, resolution_id)
    return answers.act(request, session, raw, CorrectForm, do, page=page)


@router.post("/votes/{resolution_id}/decide")
def decide(request: Request, session: DbSession, actor: Recorder, resolution_id: UUID, raw: RawForm) -> Response:
    """Confirm a correction, or not."""
    second = sent(SecondForm, raw).second
    service.decide_correction(session, actor, resolution_id=resolution_id, second=second)
    return pages.go(request, f"{HOME}/votes/{resolution_id}", message=second.said)


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    event_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    matter: Matter | None,
) -> Response:
    event = events.whole(session, actor, event_id)
    kinds = {item.kind for item in expected.items_of(session, event_id)}
    matters = [one for kind, of_kind in rules.VOTED_AT.items() if kind in kinds for one in of_kind]
    if (
        event.branch_id != actor.branch_id
        or not matters
        or (matter and matter not in matters)
        or matter is Matter.ELECTION
    ):
        raise NotFoundError
    matter = matter or next(one for one in (Matter.COMMITTEE, Matter.ORDINARY) if one in matters)
    before = queries.before(session, event, matter)
    people = ticks.people(session, actor, event, before.counted.own)
    probationary = [one for one in people if not one.belongs.is_full]
    roster = {row.id: row.joined for row in members.branch_members(session, event.branch_id)}
    return answer.drawn(
        request,
        "meetings/vote.html",
        block="vote",
        id=id_of(answer.form),
        matter=matter,
        views=[(_address(event_id, one), one.label, one is matter) for one in matters],
        about_one=matter in ABOUT_ONE_PERSON,
        of_probation=matter in rules.OF_PROBATION,
        probationary=[(str(one.id), one.name) for one in probationary],
        asks_day=any(len(roster.get(one.id) or "") < len("2026-01-01") for one in probationary),
        months=[(str(one), str(one)) for one in rules.EXTENSION_MONTHS],
        wording_length=rules.WORDING_LENGTH,
        name_length=rules.NAME_LENGTH,
        **view.before_vote(event, before, matter),
    )


def _address(event_id: UUID, matter: Matter) -> str:
    return f"{HOME}/{event_id}/{'elections' if matter is Matter.ELECTION else f'votes?matter={matter}'}"


def _result(
    request: Request, session: Session, actor: Actor, resolution_id: UUID, answer: Answer = AS_IT_IS
) -> Response:
    row, event = queries.card(session, actor, resolution_id)
    all_rows = queries.of_event(session, row.event_id)
    is_officer = event.branch_id == actor.branch_id
    return answer.drawn(
        request,
        "meetings/result.html",
        block="result",
        id=id_of(answer.form),
        event=event,
        row=row,
        stands=queries.stands(row),
        lines=view.lines(row),
        corrections=[one for one in all_rows if resolution_id in (one.corrects_id, row.corrects_id and one.id)],
        corrected=next((one for one in all_rows if one.id == row.corrects_id), None),
        waits=row.corrects_id is not None and row.second is None,
        decides=is_officer and actor.may(Permission.APPROVE) and row.recorded_by_id != actor.member_id,
        corrects=is_officer and actor.may(Permission.RECORD_FOR_OTHERS),
        about_one=row.matter in ABOUT_ONE_PERSON,
        reason_length=rules.REASON_LENGTH,
    )
