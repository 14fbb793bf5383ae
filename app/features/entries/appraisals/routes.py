"""The quarterly grades of the branch: one page a quarter, entered there or brought in as a list."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, act
from app.core.errors import NotFoundError
from app.core.forms import NOTHING, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router
from app.features.entries.appraisals import queries, service
from app.features.entries.appraisals.rules import NOTE_LENGTH, Quarter, quarter_of, quarters_over
from app.features.entries.appraisals.service import Given
from app.features.ledger import closings
from app.features.ledger.rules import AppraisalGrade
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/appraisals"
Recorder = Annotated[Actor, require(Permission.ENTER_APPRAISALS)]
router = Router(prefix=HOME)


class GradesForm(FormModel):
    """Grades of one quarter: a person each, with nothing where nothing is entered."""

    quarter: str
    people: list[UUID] = Field(default_factory=list)
    grades: list[str] = Field(default_factory=list)
    note: Annotated[str, Field(max_length=NOTE_LENGTH)] = ""


@router.get("")
def grades(request: Request, session: DbSession, actor: Recorder, quarter: str = "") -> Response:
    """Whose grade of a quarter is confirmed, waits, or is missing."""
    return _page(request, session, actor, quarter)


@router.post("")
def enter(request: Request, session: DbSession, actor: Recorder, raw: RawForm) -> Response:
    """Enter grades of one quarter for another officer to confirm; what stands already changes nothing."""
    chosen = str(raw.get("quarter", ""))

    def do(form: GradesForm) -> str:
        of = _quarter(form.quarter)
        given = [
            Given(member_id, of, AppraisalGrade(grade), form.note or None)
            for member_id, grade in zip(form.people, form.grades, strict=False)
            if grade in set(AppraisalGrade)
        ]
        new = service.enter(session, actor, given)
        if not new:
            return _("Nothing changed: no grade was chosen that is not there already.")
        said = ngettext(
            "%(num)s grade entered. It counts when another officer has confirmed it.",
            "%(num)s grades entered. They count when another officer has confirmed them.",
            new,
        )
        return said % {"num": new}

    people, grades = (map(str, raw.getlist(name)) for name in ("people", "grades"))
    page = partial(_page, request, session, actor, chosen, typed=dict(zip(people, grades, strict=False)))
    return act(request, session, raw, GradesForm, do, page=page, to=f"{HOME}?quarter={_quarter(chosen).key}")


@router.post("/{appraisal_id:uuid}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Recorder, appraisal_id: UUID) -> Response:
    """Take back a grade that the actor entered and nobody has decided on."""
    quarter = service.withdraw(session, actor, appraisal_id=appraisal_id)
    return pages.go(request, f"{HOME}?quarter={quarter.key}", message=_("Withdrawn."))


def _quarter(typed: str) -> Quarter:
    """The quarter an address or a form names, the last one that is over where it names none."""
    over = quarters_over(clock.today())
    chosen = quarter_of(typed, clock.today()) if typed else over[0]
    if chosen not in over:
        raise NotFoundError
    return chosen


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    quarter: str,
    answer: Answer = AS_IT_IS,
    *,
    typed: Mapping[str, object] = NOTHING,
) -> Response:
    chosen = _quarter(quarter)
    records = actor.may(Permission.RECORD_FOR_OTHERS)  # who is above the branches brings lists in, and sees no page
    people = members.branch_members(session, actor.branch_id) if records else ()
    ids = [one.id for one in people]
    return answer.drawn(
        request,
        "entries/appraisals.html",
        block="grades",
        typed=typed if answer.form else NOTHING,
        chosen=chosen,
        views=[(f"?quarter={one.key}", one.words, one == chosen) for one in quarters_over(clock.today())[:4]],
        people=people,
        shown=queries.shown(session, ids, chosen),
        closed={member_id for member_id, _year in closings.closed(session, ids, [chosen.year])},
        mine=queries.waiting_of(session, actor, chosen),
        words=AppraisalGrade.choices(),
        me=actor.member_id,
        note_length=NOTE_LENGTH,
    )
