"""The branch's year of pledges: who has come how far, and whether colleagues are asked."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import BadInputError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import EXEMPTION_LABELS, Permission
from app.features.shows.pledges import coverage, library, peers
from app.features.shows.pledges.errors import SuggestionTakenError
from app.features.shows.pledges.forms import PeersForm, SuggestionForm, WordForm
from app.features.shows.pledges.library import Suggestion
from app.features.shows.pledges.rules import KEYWORD_LENGTH, NOTE_LENGTH, TEXT_LENGTH, Audience, Side
from app.features.shows.pledges.view import PAGE
from app.features.shows.pledges.words import AUDIENCE_LABELS, PEER_WORD_LABELS, SIDE_LABELS
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
    peers.ask_peers(session, actor, asks_peers=form.value.asks_peers)
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
    peers.say_word(session, actor, pledge_id=pledge_id, word=form.value.word, sentence=form.value.sentence)
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


LIBRARY = "shows/pledges/library.html"
LINE = "shows/pledges/suggestion.html"
HOME = "/shows/pledges/library"
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]


@router.get("/library")
def lines(request: Request, session: DbSession, actor: Recorder) -> Response:
    """Everything the branch suggests, by side."""
    return pages.render(request, LIBRARY, block="line_list", **_lines(session, actor))


@router.get("/library/new")
def new(request: Request, _actor: Recorder) -> Response:
    """A new line."""
    return _form(request, None, None)


@router.post("/library")
def add(request: Request, session: DbSession, actor: Recorder, raw: RawForm) -> Response:
    """Suggest something more."""
    form = forms.parse(SuggestionForm, raw)
    if form.value is None:
        return _form(request, form, None, status=422)
    try:
        library.add_suggestion(session, actor, **form.value.model_dump())
    except SuggestionTakenError as error:
        return _form(request, form.refused(error), None, status=error.status)
    return pages.go(request, HOME, message=_("The library has it now."))


@router.get("/library/{suggestion_id}")
def edit(request: Request, session: DbSession, actor: Recorder, suggestion_id: UUID) -> Response:
    """A line, to be said in other words."""
    return _form(request, None, library.suggestion(session, actor.branch_id, suggestion_id))


@router.post("/library/{suggestion_id}")
def change(request: Request, session: DbSession, actor: Recorder, suggestion_id: UUID, raw: RawForm) -> Response:
    """Say it in other words."""
    form, line = forms.parse(SuggestionForm, raw), library.suggestion(session, actor.branch_id, suggestion_id)
    if form.value is None:
        return _form(request, form, line, status=422)
    try:
        library.change_suggestion(session, actor, suggestion_id=suggestion_id, **form.value.model_dump())
    except NotFoundError:
        raise
    except SuggestionTakenError as error:
        return _form(request, form.refused(error), line, status=error.status)
    return pages.go(request, HOME, message=_("Saved."))


@router.post("/library/{suggestion_id}/remove")
def remove(request: Request, session: DbSession, actor: Recorder, suggestion_id: UUID) -> Response:
    """Suggest it no longer; pledges that began with it stay."""
    library.remove_suggestion(session, actor, suggestion_id=suggestion_id)
    said = _("Removed. Pledges that began with it stay as they are.")
    if not pages.wants_fragment(request):
        return pages.see_other(HOME, message=said)
    return pages.render(request, LIBRARY, block="line_list", message=said, **_lines(session, actor))


def _lines(session: Session, actor: Actor) -> dict[str, Any]:
    found = library.library(session, actor.branch_id)
    return {
        "sides": [(SIDE_LABELS[side], [line for line in found if line.side is side]) for side in Side],
        "audience_labels": AUDIENCE_LABELS,
    }


def _form(
    request: Request, form: Form[SuggestionForm] | None, line: Suggestion | None, *, status: int = 200
) -> Response:
    return pages.render(
        request,
        LINE,
        status=status,
        form=form,
        line=line,
        action=f"{HOME}/{line.id}" if line else HOME,
        sides=[(side.value, SIDE_LABELS[side]) for side in Side],
        audiences=[(audience.value, AUDIENCE_LABELS[audience]) for audience in Audience],
        text_length=TEXT_LENGTH,
        keyword_length=KEYWORD_LENGTH,
    )
