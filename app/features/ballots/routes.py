"""The democratic review: prepared, voted on by phone or paper, graded by people, told in person."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, OnPage
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm, id_of, sent
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.core.settings import settings
from app.features.ballots import box, letters, queries, service, view, voting
from app.features.ballots.life import NAME_LENGTH, State
from app.features.ballots.marks import marks_in
from app.features.ballots.rules import Grade
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import DOCUMENT_LENGTH, SecondForm
from app.features.sign_in.door import require

HOME: Final = "/ballots"
COOKIE: Final = "sanliang_ballot"
"""The ballot's token: kept by the browser alone, sent nowhere but here; by it the page knows a ballot that is back."""
COOKIE_LASTS: Final = 12 * 3600
"""Seconds: longer than any meeting."""
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Document = Annotated[str, Field(min_length=1, max_length=DOCUMENT_LENGTH)]


class PrepareForm(FormModel):
    """Which meeting reviews which year, and who chairs it."""

    id: UUID
    event_id: UUID
    year: Annotated[int, Field(ge=2000, le=2199)]
    chair_id: UUID


class PresentForm(FormModel):
    """Who is there."""

    present_ids: list[UUID] = Field(default_factory=list)


class LetterForm(FormModel):
    """What a host branch wrote."""

    id: UUID
    member_id: UUID
    year: Annotated[int, Field(ge=2000, le=2199)]
    host: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
    document: Document
    mean: Annotated[float, Field(ge=0, le=10)]


@router.get("")
def index(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """The reviews of the branch, and one's own results."""
    return _index(request, session, actor)


@router.post("")
def prepare(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Prepare the review of a year."""

    def do(form: PrepareForm) -> Done:
        service.prepare(session, actor, **dict(form))
        return Done(f"{HOME}/{form.id}", _("Prepared. The ballot is opened at the meeting."))

    page = partial(_index, request, session, actor)
    return answers.act(request, session, raw, PrepareForm, do, page=page, at="prepare")


@router.post("/letters")
def enter_letter(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Enter what a host branch wrote."""

    def do(form: LetterForm) -> str:
        letters.enter_letter(session, actor, **(dict(form) | {"mean": round(form.mean * 100)}))
        return _("Entered. It counts when another officer has confirmed it.")

    page = partial(_index, request, session, actor)
    return answers.act(request, session, raw, LetterForm, do, page=page, to=HOME, at="letter")


@router.post("/letters/{letter_id}/decide")
def decide_letter(request: Request, session: DbSession, actor: Officer, letter_id: UUID, raw: RawForm) -> Response:
    """Confirm it, or not."""
    letters.decide_letter(session, actor, letter_id=letter_id, second=sent(SecondForm, raw).second)
    return pages.go(request, HOME, message=_("Noted."))


@router.get("/{review_id}")
def one(request: Request, session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """One review for those who lead it; everybody else goes to the own ballot."""
    found = queries.review(session, actor, review_id)
    is_on_list = queries.roll(session, found).of(actor.member_id) is not None
    if actor.branch_id != found.branch_id and not is_on_list:
        return pages.see_other(f"{HOME}/{review_id}/grades")
    if not (queries.is_officer(actor, found) or queries.leads(actor, found)):
        return pages.see_other(f"{HOME}/{review_id}/vote")
    return _one(request, session, actor, review_id)


@router.post("/{review_id}/open")
def open_ballot(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Write down who is there, and open the ballot."""

    def do(form: PresentForm) -> str:
        service.open_ballot(session, actor, review_id=review_id, present_ids=form.present_ids)
        return _("The ballot is open: everybody who is there finds it on the page of today.")

    return _desk(request, session, actor, review_id).act(raw, PresentForm, do, at="review")


@router.post("/{review_id}/admit")
def admit(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Let somebody take part who came later."""

    def do(form: PresentForm) -> str:
        service.admit(session, actor, review_id=review_id, present_ids=form.present_ids)
        return _("They can take part now.")

    return _desk(request, session, actor, review_id).act(raw, PresentForm, do, at="review")


@router.post("/{review_id}/close")
def close_ballot(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Close the ballot and count."""

    def do(_form: FormModel) -> str:
        closed = service.close_ballot(session, actor, review_id=review_id)
        return _("Closed and counted.") if closed.state is State.CLOSED else str(closed.state.label)

    return _desk(request, session, actor, review_id).act(raw, FormModel, do, at="review")


@router.post("/{review_id}/repeat")
def repeat_ballot(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Throw the ballots away unread; another review of the year is prepared."""

    def do(_form: FormModel) -> Done:
        service.repeat_ballot(session, actor, review_id=review_id)
        return Done(HOME, _("Thrown away unread. Prepare the review of the year anew."))

    return _desk(request, session, actor, review_id).act(raw, FormModel, do, at="review")


@router.get("/{review_id}/vote")
def ballot(request: Request, session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """The own ballot; whoever has none yet gets a token from chance, which nobody keeps but the browser."""
    found = queries.review(session, actor, review_id)
    roll = queries.roll(session, found)
    me = roll.of(actor.member_id)
    if me is None:
        raise NotFoundError
    is_open = found.state is State.OPEN
    token = request.cookies.get(COOKIE, "")
    lies = box.opened(session, review_id) if is_open else None
    response = pages.render(
        request,
        "ballots/vote.html",
        review=found,
        day=queries.day_of(session, found),
        me=me,
        state=view.standing(found, me, lies, token),
        subjects=[one for one in roll.subjects if one.id != actor.member_id],
        grades=list(enumerate(Grade, 1)),
    )
    if is_open and not me.has_voted:
        _give(response, box.new_token())
    return response


@router.post("/{review_id}/take")
def take(request: Request, session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """Take the ballot: from now on one votes by phone."""
    token = voting.take(session, actor, review_id=review_id, token=request.cookies.get(COOKIE, ""))
    response = pages.go(request, f"{HOME}/{review_id}/vote")
    _give(response, token)
    return response


@router.post("/{review_id}/hand-in")
def hand_in(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Put the ballot into the box."""
    marks = {
        member: list(Grade)[place - 1]
        for member, (place,) in marks_in(raw.multi_items(), "mark", most=len(Grade)).items()
        if place
    }
    voting.hand_in(session, actor, review_id=review_id, token=request.cookies.get(COOKIE, ""), marks=marks)
    return pages.go(request, f"{HOME}/{review_id}/vote", message=_("Your ballot is in the box."))


def _give(response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_LASTS, path=HOME, httponly=True, samesite="strict", secure=settings().https
    )


def _desk(request: Request, session: Session, actor: Actor, review_id: UUID) -> OnPage:
    return OnPage(request, session, partial(_one, request, session, actor, review_id), f"{HOME}/{review_id}")


def _index(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    decides, sees = actor.may(Permission.APPROVE), actor.may(Permission.SEE_BRANCH)
    people = members.branch_members(session, actor.branch_id) if decides else []
    meetings = queries.meetings(session, actor.branch_id) if decides else []
    forms = {name: answer.forms.get(name) for name in ("prepare", "letter")}
    years = sorted({day.year - back for row in meetings for day in [clock.local_day(row.begins_at)] for back in (0, 1)})
    return answer.drawn(
        request,
        "ballots/index.html",
        block="ballots",
        forms=forms,
        ids={name: id_of(form) for name, form in forms.items()},
        reviews=queries.reviews(session, actor.branch_id) if sees else queries.mine(session, actor),
        sees=sees,
        decides=decides,
        me=actor.member_id,
        letters=queries.letters(session, actor.branch_id) if decides else [],
        gatherings=[(str(row.id), f"{clock.local_day(row.begins_at)} {row.title}") for row in meetings],
        years=[(year, year) for year in years],
        last_year=clock.today().year - 1,
        people=[(str(row.id), row.name) for row in people],
        others=[(str(row.id), row.name) for row in people if row.id != actor.member_id],
        lengths=(NAME_LENGTH, DOCUMENT_LENGTH),
    )


def _one(request: Request, session: Session, actor: Actor, review_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    found = queries.officers_review(session, actor, review_id)
    roll = queries.roll(session, found)
    return answer.drawn(
        request,
        "ballots/one.html",
        block="review",
        review=found,
        day=queries.day_of(session, found),
        chair=members.member_card(session, found.chair_id).name,
        roll=roll,
        leads=queries.leads(actor, found),
        is_officer=queries.is_officer(actor, found),
        counts=actor.may(Permission.RECORD_FOR_OTHERS),
        cast=queries.cast_of(found),
        still_out=box.still_out(session, review_id) if found.state is State.OPEN else None,
        opinions=queries.opinions(session, review_id),
    )
