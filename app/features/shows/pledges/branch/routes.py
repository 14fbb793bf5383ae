"""The branch's year of pledges: who has come how far, and whether colleagues are asked."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.errors import NotFoundError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges import coverage, library, peers
from app.features.shows.pledges.calendar import quarter_asked
from app.features.shows.pledges.forms import PeersForm, SuggestionForm, WordForm
from app.features.shows.pledges.library import Suggestion
from app.features.shows.pledges.rules import KEYWORD_LENGTH, NOTE_LENGTH, TEXT_LENGTH, Audience, PeerWord, Side
from app.features.shows.pledges.view import PAGE
from app.features.sign_in.door import require

router = Router(prefix=PAGE)
HOME: Final = f"{PAGE}/library"
EARLIEST = 2000
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]
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
        "shows/pledges/branch.html",
        covered=covered,
        due=covered.due(today),
        untold=covered.untold(today),
        unended=covered.unended(today),
        quarter=quarter_asked(today),
        views=[(f"{PAGE}/branch?year={one}", str(one), one == year) for one in (this_year, this_year - 1)],
        is_current=year == this_year,
        asks_peers=peers.branch_asks(session, actor.branch_id),
    )


@router.post("/branch/peers")
def ask_peers(request: Request, session: DbSession, actor: Decider, raw: RawForm) -> Response:
    """Ask colleagues from now on, or ask no longer."""
    peers.ask_peers(session, actor, asks_peers=forms.sent(PeersForm, raw).asks_peers)
    return pages.go(request, f"{PAGE}/branch", message=_("Saved."))


@router.get("/colleagues")
def colleagues(request: Request, session: DbSession, actor: Me) -> Response:
    """What the branch shows for comment now, and the colleagues' pledges about which it asks for a word."""
    return _colleagues(request, session, actor)


@router.post("/{pledge_id}/word")
def say_word(request: Request, session: DbSession, actor: Me, pledge_id: UUID, raw: RawForm) -> Response:
    """Say what one saw of a colleague's pledge."""
    form = forms.sent(WordForm, raw)
    peers.say_word(session, actor, pledge_id=pledge_id, word=form.word, sentence=form.sentence)
    said = _("Thank you. You can change your word until the officer has decided.")
    return shown(request, said, page=partial(_colleagues, request, session, actor), to=f"{PAGE}/colleagues")


def _colleagues(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    return pages.render(
        request,
        "shows/pledges/colleagues.html",
        block="colleague_list",
        message=answer.message,
        before=peers.before_peers(session, actor),
        my_words=peers.my_words(session, actor),
        word_options=PeerWord.choices(),
        note_length=NOTE_LENGTH,
    )


@router.get("/library")
def lines(request: Request, session: DbSession, actor: Recorder) -> Response:
    """Everything the branch suggests, by side."""
    return _lines(request, session, actor)


@router.get("/library/new")
def new_line(request: Request, _actor: Recorder) -> Response:
    """A new line."""
    return _line(request, None)


@router.post("/library")
def add_line(request: Request, session: DbSession, actor: Recorder, raw: RawForm) -> Response:
    """Suggest something more."""

    def do(form: SuggestionForm) -> Done:
        library.add_suggestion(session, actor, **form.model_dump())
        return Done(HOME, _("The library has it now."))

    return act(request, session, raw, SuggestionForm, do, page=partial(_line, request, None))


@router.get("/library/{suggestion_id}")
def edit_line(request: Request, session: DbSession, actor: Recorder, suggestion_id: UUID) -> Response:
    """A line, to be said in other words."""
    return _line(request, library.suggestion(session, actor.branch_id, suggestion_id))


@router.post("/library/{suggestion_id}")
def change_line(request: Request, session: DbSession, actor: Recorder, suggestion_id: UUID, raw: RawForm) -> Response:
    """Say it in other words."""
    line = library.suggestion(session, actor.branch_id, suggestion_id)

    def do(form: SuggestionForm) -> Done:
        library.change_suggestion(session, actor, suggestion_id=suggestion_id, **form.model_dump())
        return Done(HOME, _("Saved."))

    return act(request, session, raw, SuggestionForm, do, page=partial(_line, request, line))


@router.post("/library/{suggestion_id}/remove")
def remove_line(request: Request, session: DbSession, actor: Recorder, suggestion_id: UUID) -> Response:
    """Suggest it no longer; pledges that began with it stay."""
    library.remove_suggestion(session, actor, suggestion_id=suggestion_id)
    said = _("Removed. Pledges that began with it stay as they are.")
    return shown(request, said, page=partial(_lines, request, session, actor), to=HOME)


def _lines(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    found = library.library(session, actor.branch_id)
    return pages.render(
        request,
        "shows/pledges/library.html",
        block="line_list",
        message=answer.message,
        sides=[(side.label, [line for line in found if line.side is side]) for side in Side],
    )


def _line(request: Request, line: Suggestion | None, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(
        request,
        "shows/pledges/suggestion.html",
        line=line,
        action=f"{HOME}/{line.id}" if line else HOME,
        sides=Side.choices(),
        audiences=Audience.choices(),
        text_length=TEXT_LENGTH,
        keyword_length=KEYWORD_LENGTH,
    )
