"""The forms of a meeting to print, and the same as files."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import formats, pages
from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.papers import Paper, workbook
from app.core.routing import DbSession, Router
from app.core.tables import Table
from app.features.meetings.elections import service as elections
from app.features.meetings.elections.service import title_of
from app.features.meetings.events import queries as events
from app.features.meetings.minutes import queries as minutes
from app.features.meetings.papers import record
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]


@router.get("/{event_id}/record")
def of_meeting(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The usual 会议记录, a page an item."""
    event = events.whole(session, actor, event_id)
    sheets = record.records(session, actor, event)
    branch = events.card(session, actor, event_id).branch
    return pages.render(request, "meetings/record.html", event=event, sheets=sheets, branch=branch)


@router.get("/{event_id}/record.xlsx")
def of_meeting_file(session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The same as a file, a sheet an item."""
    event = events.whole(session, actor, event_id)
    tables = [Table(one.title, (_("Item"), _("Content")), one.rows) for one in record.records(session, actor, event)]
    if not tables:
        raise NotFoundError
    return workbook(tables, f"{_('Minutes of the meeting')} {event.title}")


@router.get("/{event_id}/sign-in-sheet")
def sign_in(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The usual 签到表."""
    return _sign_in(session, actor, event_id).page(request)


@router.get("/{event_id}/sign-in-sheet.xlsx")
def sign_in_file(session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The same as a file."""
    return _sign_in(session, actor, event_id).download()


@router.get("/elections/{election_id}/papers")
def of_election(request: Request, session: DbSession, actor: Recorder, election_id: UUID) -> Response:
    """Ballot, tally sheet and, once it is counted, the report of the result."""
    call = elections.card(session, actor, election_id)
    event = events.whole(session, actor, call.event_id)
    return pages.render(
        request,
        "meetings/ballots.html",
        call=call,
        event=event,
        title=title_of(call),
        branch=actor.branch_name,
        ballot=record.ballot(call),
        others=[record.tally(call), *_report(session, election_id)],
        file=f"{HOME}/elections/{election_id}/papers.xlsx",
    )


@router.get("/elections/{election_id}/papers.xlsx")
def of_election_file(session: DbSession, actor: Recorder, election_id: UUID) -> Response:
    """The same as a file."""
    call = elections.card(session, actor, election_id)
    tables = [record.ballot(call), record.tally(call), *_report(session, election_id)]
    return workbook(tables, f"{_('Elections')} {title_of(call)}")


def _report(session: Session, election_id: UUID) -> list[Table]:
    result = elections.result_of(session, election_id)
    return [record.report(result)] if result else []


def _sign_in(session: Session, actor: Actor, event_id: UUID) -> Paper:
    event = events.whole(session, actor, event_id)
    officer = actor.may(Permission.SEE_BRANCH) and event.branch_id == actor.branch_id
    if not (officer or minutes.keeps(session, actor, event_id, event.branch_id)):
        raise NotFoundError
    table = record.sign_in_sheet(session, actor, event)
    return Paper(
        tables=[table],
        sub=f"{event.title} · {formats.stamp(event.begins_at)}",
        name=f"{table.name} {event.title}",
        file=f"{HOME}/{event_id}/sign-in-sheet.xlsx",
        back=(f"{HOME}/{event_id}", event.title),
    )
