"""My talks: the list, one form, saying that one was not so, and the register on paper."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock
from app.core.answers import AS_IT_IS, Answer, shown
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.messages import Undo
from app.core.papers import Paper
from app.core.routing import DbSession, Router
from app.features.meetings.talks import queries, service
from app.features.meetings.talks.own import register
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/talks"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Year = Annotated[int | None, Query(ge=2000, le=2199)]


class TalkForm(FormModel):
    """Who with whom, and when. There is nothing else to say."""

    talker_id: UUID | None = None
    partner_id: UUID
    day: Day


@router.get("")
def mine(request: Request, session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """My own talks of a year, and the form for another one."""
    return _page(request, session, actor, year=year)


@router.post("")
def note(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Note one; twice is once."""

    def do(form: TalkForm) -> Response:
        talk_id = service.note_talk(session, actor, **form.model_dump())
        undo = Undo(f"{HOME}/{talk_id}/not-so", _("Undo")) if talk_id else None
        return shown(request, _("Noted. Whoever it concerns reads it."), page=page, to=HOME, undo=undo)

    page = partial(_page, request, session, actor)
    return answers.act(request, session, raw, TalkForm, do, page=page, to=HOME)


@router.post("/{talk_id}/not-so")
def not_so(request: Request, session: DbSession, actor: MemberActor, talk_id: UUID) -> Response:
    """Say that it was not so: from then on it counts nowhere."""
    service.say_not_so(session, actor, talk_id=talk_id)
    said = _("Said. It counts no longer.")
    undo = Undo(f"{HOME}/{talk_id}/so", _("Undo"))
    return shown(request, said, page=partial(_page, request, session, actor), to=HOME, undo=undo)


@router.post("/{talk_id}/so")
def so(request: Request, session: DbSession, actor: MemberActor, talk_id: UUID) -> Response:
    """Take that back."""
    service.say_so(session, actor, talk_id=talk_id)
    return shown(request, _("It counts again."), page=partial(_page, request, session, actor), to=HOME)


@router.get("/register")
def paper(request: Request, session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """The usual form 谈心谈话登记 on paper, of the own talks."""
    return _register(session, actor, year).page(request)


@router.get("/register.xlsx")
def file(session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """The same as a file."""
    return _register(session, actor, year).download()


def _register(session: Session, actor: Actor, year: int | None) -> Paper:
    year = year or clock.today().year
    table, me = register(session, actor, year), members.member_card(session, actor.member_id)
    return Paper(
        tables=[table],
        sub=f"{me.branch_name} · {me.name} · {year}",
        name=f"{table.name} {year} {me.name}",
        file=f"{HOME}/register.xlsx?year={year}",
        back=(HOME, _("Talks")),
    )


def _page(
    request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS, *, year: int | None = None
) -> Response:
    today = clock.today()
    year = year or today.year
    people = [(row.id, row.name) for row in members.branch_members(session, actor.branch_id)]
    return answer.drawn(
        request,
        "meetings/talks.html",
        block="talks",
        rows=list(reversed(queries.mine(session, actor, year))),
        people=people,
        others=[one for one in people if one[0] != actor.member_id or actor.may(Permission.RECORD_FOR_OTHERS)],
        for_others=actor.may(Permission.RECORD_FOR_OTHERS),
        me=actor.member_id,
        today=today,
        year=year,
        first_year=queries.first_year(session, actor, today.year),
    )
