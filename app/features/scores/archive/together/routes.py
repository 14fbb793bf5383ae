"""The three steps of a whole branch: ask to sign, propose the archive, confirm it; each in portions, with progress."""

from collections.abc import Callable, Collection
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core.forms import RawForm, sent
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.portions import Came, Onward, carry_out
from app.core.routing import Router, Units
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.scores.archive import queries, service, signing
from app.features.scores.archive.forms import SecondForm
from app.features.scores.archive.service import Archived
from app.features.scores.archive.together.service import carry_on
from app.features.sign_in.door import require

router = Router(prefix="/archive/{year:int}")
Decider = Annotated[Actor, require(Permission.APPROVE, Permission.STAND_IN)]
Steps = Annotated[Actor, require(Permission.APPROVE)]


@router.post("/ask")
def ask(request: Request, units: Units, actor: Steps, year: int, raw: RawForm) -> Response:
    """Ask everybody to sign."""

    def said(came: Onward) -> str:
        text = ngettext("%(n)s person is asked to sign.", "%(n)s people are asked to sign.", came.number)
        return text % {"n": came.number}

    do = _each(units, actor.branch_id, year, lambda session, ids: signing.ask(session, actor, year=year, among=ids))
    return carry_out(request, raw, do, title=_("Asking to sign"), to=f"/archive/{year}", said=said)


@router.post("/propose")
def propose(request: Request, units: Units, actor: Decider, year: int, raw: RawForm) -> Response:
    """Say that all that is far enough is archived."""

    def said(came: Onward) -> str:
        text = ngettext(
            "%(n)s sheet waits for another officer to confirm its archive.",
            "%(n)s sheets wait for another officer to confirm their archive.",
            came.number,
        )
        return text % {"n": came.number}

    do = _each(units, actor.branch_id, year, lambda session, ids: service.propose(session, actor, year=year, among=ids))
    return carry_out(request, raw, do, title=_("Proposing the archive"), to=f"/archive/{year}", said=said)


@router.post("/decide")
def decide(request: Request, units: Units, actor: Decider, year: int, raw: RawForm) -> Response:
    """Confirm it as another officer, or not."""
    form = sent(SecondForm, raw)
    branch_id = form.branch_id or actor.branch_id

    def said(came: Onward) -> str:
        text = ngettext("%(n)s sheet is archived.", "%(n)s sheets are archived.", came.number) % {"n": came.number}
        if came.left:
            left = ngettext("%(n)s was not: look again.", "%(n)s were not: look again.", came.left) % {"n": came.left}
            text = f"{text} {left}"
        return text

    def do(session: Session, ids: Collection[UUID] | None) -> Archived:
        return service.decide(session, actor, branch_id=branch_id, year=year, second=form.second, among=ids)

    own = branch_id == actor.branch_id and queries.sees(actor)
    to = f"/archive/{year}" if own else "/archive/above"
    return carry_out(request, raw, _each(units, branch_id, year, do), title=_("Archiving"), to=to, said=said)


def _each(
    units: Units, branch_id: UUID, year: int, do: Callable[[Session, Collection[UUID] | None], Archived | int]
) -> Callable[[Onward], Came]:
    """The same for each portion, in a unit of work of its own."""

    def portion(onward: Onward) -> Came:
        with units.write() as session:

            def one(ids: Collection[UUID] | None) -> Archived:
                done = do(session, ids)
                return Archived(done, 0) if isinstance(done, int) else done

            return carry_on(session, branch_id=branch_id, year=year, onward=onward, do=one)

    return portion
