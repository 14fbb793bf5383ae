"""The branch's year of pledges: who has come how far, and whether colleagues are asked."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import BadInputError, NotFoundError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import EXEMPTION_LABELS, Permission
from app.features.shows.pledges import coverage
from app.features.shows.pledges.forms import PeersForm, WordForm
from app.features.shows.pledges.page import PAGE
from app.features.shows.pledges.peers import queries as peers
from app.features.shows.pledges.peers import service
from app.features.shows.pledges.rules import NOTE_LENGTH
from app.features.shows.pledges.words import PEER_WORD_LABELS
from app.features.sign_in.door import require

router = Router(prefix=PAGE)
BRANCH = "shows/pledges/branch.html"
COLLEAGUES = "shows/pledges/colleagues.html"
EARLIEST = 2000
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Decider = Annotated[Actor, require(Permission.APPROVE)]


@router.get("/branch")
def branch(request: Request, session: DbSession, actor: Officer, year: int | None = None) -> Response:
    """How far everybody's year has come, by group and name."""
    today = clock.today()
    this_year = today.year
    year = year or this_year
    if not EARLIEST <= year <= this_year:
        raise NotFoundError
    covered = coverage.coverage(session, actor.branch_id, year)
    return pages.render(
        request,
        BRANCH,
        covered=covered,
        due=covered.due(today),
        views=[(f"{PAGE}/branch?year={one}", str(one), one == year) for one in (this_year, this_year - 1)],
        is_current=year == this_year,
        asks_peers=peers.branch_asks(session, actor.branch_id),
        exemption_labels=EXEMPTION_LABELS,
    )


@router.post("/branch/peers")
def ask_peers(request: Request, session: DbSession, actor: Decider, raw: RawForm) -> Response:
    """Ask colleagues from now on, or ask no longer."""
    form = forms.parse(PeersForm, raw)
    if form.value is None:
        raise BadInputError
    service.ask_peers(session, actor, asks_peers=form.value.asks_peers)
    return pages.go(request, f"{PAGE}/branch", message=_("Saved."))


@router.get("/colleagues")
def colleagues(request: Request, session: DbSession, actor: Me) -> Response:
    """What the branch shows for comment now, and the colleagues' pledges about which it asks for a word."""
    return _colleagues(request, session, actor)


@router.post("/{pledge_id}/word")
def say(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Say what one saw of a colleague's pledge."""
    form = forms.parse(WordForm, raw)
    if form.value is None:
        raise BadInputError(next(iter(form.errors.values())))
    service.say(session, actor, pledge_id=pledge_id, word=form.value.word, sentence=form.value.sentence)
    said = _("Thank you. You can change your word until the officer has decided.")
    if not pages.wants_fragment(request):
        return pages.see_other(f"{PAGE}/colleagues", message=said)
    return _colleagues(request, session, actor, message=said)


def _colleagues(request: Request, session: Session, actor: Actor, *, message: str | None = None) -> Response:
    return pages.render(
        request,
        COLLEAGUES,
        block="colleague_list",
        message=message,
        in_publicity=peers.in_publicity(session, actor),
        asked_about=peers.asked_about(session, actor),
        asks=peers.branch_asks(session, actor.branch_id),
        my_words=peers.my_words(session, actor),
        word_options=list(PEER_WORD_LABELS.items()),
        note_length=NOTE_LENGTH,
    )
