"""Elections: calling one, counting its ballots, the next round."""

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field, model_validator
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import answers, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm, id_of
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.meetings.elections import service
from app.features.meetings.elections.service import title_of
from app.features.meetings.elections.strokes import unknown
from app.features.meetings.events import queries as events
from app.features.meetings.resolutions import queries, view
from app.features.meetings.resolutions.rules import REASON_LENGTH, Office
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.votes.rules import Ballots, Matter, candidates_needed
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]
Number = Annotated[int, Field(ge=0, le=9999)]


class CallForm(FormModel):
    """What is elected, and who stands."""

    id: UUID
    office: Office
    seats: Annotated[int, Field(ge=1, le=99)] = 1
    candidate_ids: list[UUID] = Field(default_factory=list)


class CountedForm(FormModel):
    """The ballots of a round, and the votes of each candidate: two columns of one length."""

    id: UUID
    present: Number
    issued: Number = 0
    collected: Number = 0
    too_many: Number = 0
    candidates: list[str] = Field(default_factory=list)
    votes: list[Number] = Field(default_factory=list)

    @model_validator(mode="after")
    def _votes_of_each(self) -> "CountedForm":
        if len(self.candidates) != len(self.votes):
            raise ValueError(_("Something in this could not be read. Please check it and send it again."))
        return self

    def counted(self) -> dict[str, Any]:
        """As the rules count them."""
        votes = dict(zip(self.candidates, self.votes, strict=True))
        return {"id": self.id, "ballots": Ballots(self.issued, self.collected, self.too_many), "votes": votes}


class BallotsForm(CountedForm):
    """What was counted, by those who have a vote and came, as the page said them before."""

    n: int
    out_of_room: Number = 0


class CorrectForm(CountedForm):
    """What was counted really, and why that was recorded otherwise."""

    reason: Annotated[str, Field(min_length=1, max_length=REASON_LENGTH)]


@router.get("/{event_id}/elections")
def elections(request: Request, session: DbSession, actor: Recorder, event_id: UUID) -> Response:
    """The rounds of a meeting, what an election needs, and the form that calls one."""
    return _calls(request, session, actor, event_id)


@router.post("/{event_id}/elections")
def call(request: Request, session: DbSession, actor: Recorder, event_id: UUID, raw: RawForm) -> Response:
    """Say what is elected and who stands."""

    def do(form: CallForm) -> Done:
        service.call_election(session, actor, event_id=event_id, **dict(form))
        return Done(f"{HOME}/elections/{form.id}", _("Ballots and tally sheets can be printed now."))

    page = partial(_calls, request, session, actor, event_id, chosen=set(map(str, raw.getlist("candidate_ids"))))
    return answers.act(request, session, raw, CallForm, do, page=page)


@router.get("/elections/{election_id}")
def one(request: Request, session: DbSession, actor: Recorder, election_id: UUID) -> Response:
    """One round: who stands, what it needs, and the form for its ballots."""
    return _one(request, session, actor, election_id)


@router.post("/elections/{election_id}")
def count(request: Request, session: DbSession, actor: Recorder, election_id: UUID, raw: RawForm) -> Response:
    """Record the ballots; who is elected is computed."""

    def do(form: BallotsForm) -> Done:
        service.record_election(
            session,
            actor,
            election_id=election_id,
            seen=(form.n, form.present),
            out_of_room=form.out_of_room,
            **form.counted(),
        )
        return Done(f"{HOME}/elections/{election_id}", _("Recorded. The result stands with what it was computed from."))

    page = partial(_one, request, session, actor, election_id, typed=_votes(raw))
    return answers.act(request, session, raw, BallotsForm, do, page=page)


@router.post("/elections/{election_id}/correct")
def correct(request: Request, session: DbSession, actor: Recorder, election_id: UUID, raw: RawForm) -> Response:
    """Say what the ballots really were; another officer confirms it."""

    def do(form: CorrectForm) -> Done:
        said = {"present": form.present, "reason": form.reason, **form.counted()}
        service.correct_election(session, actor, election_id=election_id, **said)
        return Done(f"{HOME}/votes/{form.id}", _("Entered. It counts when the other one of you has confirmed it."))

    page = partial(_one, request, session, actor, election_id, typed=_votes(raw))
    return answers.act(request, session, raw, CorrectForm, do, page=page)


@router.post("/elections/{election_id}/next")
def next_round(request: Request, session: DbSession, actor: Recorder, election_id: UUID) -> Response:
    """Call the round that follows: among the tied, or for the seats that nobody reached."""
    follows = service.next_round(session, actor, election_id=election_id)
    return pages.go(request, f"{HOME}/elections/{follows}", message=_("The next round is called."))


def _votes(raw: FormData) -> dict[str, str]:
    return dict(zip(map(str, raw.getlist("candidates")), map(str, raw.getlist("votes")), strict=False))


def _calls(
    request: Request,
    session: Session,
    actor: Actor,
    event_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    chosen: frozenset[str] | set[str] = frozenset(),
) -> Response:
    event = events.whole(session, actor, event_id)
    if event.branch_id != actor.branch_id:
        raise NotFoundError
    before = queries.before(session, event, Matter.ELECTION)
    people = ticks.people(session, actor, event, before.counted.own)
    return answer.drawn(
        request,
        "meetings/elections.html",
        block="elections",
        id=id_of(answer.form),
        calls=[(one, title_of(one), service.result_of(session, one.id)) for one in service.of_event(session, event_id)],
        people=[(str(one.id), one.name) for one in people if one.id in before.counted.full],
        chosen=chosen,
        offices=Office.choices(),
        more=_(", ").join(f"{seats} → {candidates_needed(seats)}" for seats in (3, 5, 7)),
        **view.before_vote(event, before, Matter.ELECTION),
    )


def _one(
    request: Request,
    session: Session,
    actor: Actor,
    election_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    typed: dict[str, str] | None = None,
) -> Response:
    call = service.card(session, actor, election_id)
    event = events.whole(session, actor, call.event_id)
    before = queries.before(session, event, Matter.ELECTION)
    row = service.result_of(session, election_id)
    told = row.result or {} if row else {}
    return answer.drawn(
        request,
        "meetings/election.html",
        block="election",
        id=id_of(answer.form),
        call=call,
        title=title_of(call),
        row=row,
        told=told,
        typed=typed or {one: str(yes) for one, _name, yes in told.get("votes", ())},
        reason_length=REASON_LENGTH,
        unknown=unknown(name for _id, name in call.candidates),
        lines=view.lines(row) if row else [],
        further=bool(told and (told["tied_for"] or told["vacant"])),
        **view.before_vote(event, before, Matter.ELECTION),
    )
