"""Paper, grades, the result of one person, and the forms to print."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer
from app.core.errors import NotFoundError
from app.core.forms import RawForm, sent
from app.core.i18n import gettext as _
from app.core.papers import workbook
from app.core.routing import DbSession, Router
from app.core.tables import Table
from app.features.ballots import box, opinions, paper, queries, service, view
from app.features.ballots.desk import papers
from app.features.ballots.desk.forms import CountForm, GradesForm, OwnForm, SecondForm, ShownForm, TakersForm, TellForm
from app.features.ballots.life import NUMBER_MOST, WORDS_LENGTH, Measure, State
from app.features.ballots.marks import marks_in, words_in
from app.features.ballots.models import DemocraticReview
from app.features.ballots.rules import Grade, most_excellent
from app.features.ledger import closings
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import DOCUMENT_LENGTH, Second, Stands
from app.features.sign_in.door import require

HOME: Final = "/ballots"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Counter = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]


@router.get("/{review_id}/paper")
def on_paper(request: Request, session: DbSession, actor: Counter, review_id: UUID) -> Response:
    """Who took paper, and what was counted."""
    return _paper(request, session, actor, review_id)


@router.post("/{review_id}/paper/takers")
def name_takers(request: Request, session: DbSession, actor: Counter, review_id: UUID, raw: RawForm) -> Response:
    """Say who holds a paper ballot."""

    def do(form: TakersForm) -> str:
        paper.name_takers(session, actor, review_id=review_id, taker_ids=form.taker_ids)
        return _("Noted: they cannot vote by phone.")

    page = partial(_paper, request, session, actor, review_id)
    return answers.act(request, session, raw, TakersForm, do, page=page, to=f"{HOME}/{review_id}/paper", at="takers")


@router.post("/{review_id}/paper")
def enter_count(request: Request, session: DbSession, actor: Counter, review_id: UUID, raw: RawForm) -> Response:
    """Enter what was counted."""

    def do(form: CountForm) -> str:
        marks = marks_in(raw.multi_items(), "count", most=NUMBER_MOST)
        paper.enter_count(session, actor, review_id=review_id, **dict(form), marks=marks)
        return _("Entered. Another officer, signed in on an own phone, confirms it.")

    page = partial(_paper, request, session, actor, review_id)
    return answers.act(request, session, raw, CountForm, do, page=page, to=f"{HOME}/{review_id}/paper", at="count")


@router.post("/{review_id}/paper/confirm")
def confirm_count(request: Request, session: DbSession, actor: Counter, review_id: UUID, raw: RawForm) -> Response:
    """Say as the other officer that it was counted so."""
    paper.confirm_count(session, actor, review_id=review_id, seen=sent(ShownForm, raw).seen)
    return pages.go(request, f"{HOME}/{review_id}/paper", message=_("Confirmed: two have counted it."))


@router.get("/{review_id}/grades")
def grades(request: Request, session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """The committee's grades, and what waits for the actor's second word."""
    return _grades(request, session, actor, review_id)


@router.post("/{review_id}/grades")
def enter_grades(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Enter what the committee decided."""

    def do(form: GradesForm) -> str:
        chosen = marks_in(raw.multi_items(), "grade", most=len(Grade))
        opinions.enter_grades(
            session,
            actor,
            review_id=review_id,
            **dict(form),
            grades={member: list(Grade)[place - 1] for member, (place, *_more) in chosen.items() if place},
            reasons=words_in(raw.multi_items(), "reason", most=WORDS_LENGTH),
        )
        return _("Entered. It counts when another officer has confirmed it.")

    page = partial(_grades, request, session, actor, review_id)
    return answers.act(request, session, raw, GradesForm, do, page=page, to=f"{HOME}/{review_id}/grades")


@router.post("/{review_id}/grades/decide")
def decide(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Confirm what waits for the actor, or give it back."""
    form = sent(SecondForm, raw)
    is_sure = form.second is Second.CONFIRM
    number = opinions.decide(session, actor, review_id=review_id, confirm=is_sure, seen=form.seen)
    said = _("Confirmed: %(number)s. The results stand in the ledger.") if is_sure else _("Given back: %(number)s.")
    return pages.go(request, f"{HOME}/{review_id}/grades", message=said % {"number": number})


@router.get("/{review_id}/people/{member_id}")
def person(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, member_id: UUID) -> Response:
    """The result of one person, for that person and the committee."""
    return _person(request, session, actor, (review_id, member_id))


@router.post("/{review_id}/people/{member_id}")
def tell(
    request: Request, session: DbSession, actor: MemberActor, *, review_id: UUID, member_id: UUID, raw: RawForm
) -> Response:
    """Note that it was told in person."""

    def do(form: TellForm) -> str:
        opinions.tell(session, actor, review_id=review_id, member_id=member_id, **dict(form))
        return _("Noted.")

    page, to = (
        partial(_person, request, session, actor, (review_id, member_id)),
        f"{HOME}/{review_id}/people/{member_id}",
    )
    return answers.act(request, session, raw, TellForm, do, page=page, to=to, at="tell")


@router.post("/{review_id}/own-words")
def say(request: Request, session: DbSession, actor: MemberActor, review_id: UUID, raw: RawForm) -> Response:
    """Write down a few words on the own year, or take them back; nobody has to."""

    def do(form: OwnForm) -> str:
        service.say(session, actor, review_id=review_id, words=form.words)
        return _("Noted.")

    page = partial(_person, request, session, actor, (review_id, actor.member_id))
    to = f"{HOME}/{review_id}/people/{actor.member_id}"
    return answers.act(request, session, raw, OwnForm, do, page=page, to=to, at="own")


@router.get("/{review_id}/forms")
def forms(request: Request, session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """Ballot, summary and register to print."""
    found, tables = _tables(session, actor, review_id)
    return pages.render(request, "ballots/forms.html", review=found, tables=tables, branch=actor.branch_name)


@router.get("/{review_id}/forms.xlsx")
def forms_file(session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """The same as a file."""
    found, tables = _tables(session, actor, review_id)
    return workbook(tables, f"{_('Democratic review')} {found.year}")


def _tables(session: Session, actor: Actor, review_id: UUID) -> tuple[DemocraticReview, list[Table]]:
    found = queries.officers_review(session, actor, review_id)
    tables = [papers.ballot(session, found)]
    if found.state in (State.CLOSED, State.SETTLED) and queries.is_officer(actor, found):
        tables += [papers.summary(session, found), papers.register(session, found)]
    return found, tables


def _paper(request: Request, session: Session, actor: Actor, review_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    found = queries.officers_review(session, actor, review_id)
    queries.check_open(found)
    roll, lies = queries.roll(session, found), box.opened(session, review_id)
    return answer.drawn(
        request,
        "ballots/paper.html",
        block="paper",
        form=answer.forms.get("count"),
        review=found,
        roll=roll,
        counted=lies.paper,
        seen=paper.shown_of(found, lies),
        grades=list(Grade),
        to_confirm=found.paper_entered_by_id not in (None, actor.member_id) and not found.paper_confirmed_by_id,
    )


def _grades(request: Request, session: Session, actor: Actor, review_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    found = queries.review(session, actor, review_id)
    is_officer = queries.is_officer(actor, found)
    if not (is_officer or queries.stands_in(session, actor, found.branch_id)):
        raise NotFoundError
    if found.phone is None:
        raise NotFoundError
    roll, marks, there = (
        queries.roll(session, found),
        queries.tallies(session, review_id),
        queries.opinions(session, review_id),
    )
    waiting, _why = opinions.waiting_for(session, actor, found)
    asked_of = opinions.may_grade(session, actor, found)
    enters = bool(asked_of) and found.state is State.CLOSED
    seats = opinions.seats(session, found) if enters else frozenset()
    return answer.drawn(
        request,
        "ballots/grades.html",
        block="grades",
        review=found,
        is_officer=is_officer,
        enters=enters,
        asked_of=[one for one in roll.subjects if one.id in asked_of or is_officer],
        roll=roll,
        told={one.id: view.told(marks.get(one.id), None) for one in roll.subjects},
        opinions=there,
        seen=opinions.shown_of(found, waiting),
        waiting=[(roll.of(one.member_id), one) for one in waiting],
        closed={one for one, _year in closings.closed(session, [row.id for row in roll.subjects], [found.year])},
        seats=[one for one in roll.people if one.id in seats],
        sat=set(found.sat or map(str, seats)),
        grades=[("", _("Choose")), *((place, grade.label) for place, grade in enumerate(Grade, 1))],
        places={grade: place for place, grade in enumerate(Grade, 1)},
        most=most_excellent(roll.full),
        me=actor.member_id,
        today=clock.today(),
        lengths=(WORDS_LENGTH, DOCUMENT_LENGTH),
    )


def _person(
    request: Request, session: Session, actor: Actor, at: tuple[UUID, UUID], answer: Answer = AS_IT_IS
) -> Response:
    review_id, member_id = at
    found = queries.review(session, actor, review_id)
    one = queries.roll(session, found).of(member_id)
    is_mine, is_asked = member_id == actor.member_id, member_id in opinions.may_grade(session, actor, found)
    if one is None or not (is_mine or is_asked or queries.is_officer(actor, found)):
        raise NotFoundError
    marks = queries.tallies(session, review_id).get(member_id)
    opinion = queries.opinions(session, review_id).get(member_id)
    given = opinion if opinion and opinion.stands is Stands.CONFIRMED else None
    return answer.drawn(
        request,
        "ballots/person.html",
        block="person",
        forms={name: answer.forms.get(name) for name in ("own", "tell")},
        review=found,
        one=one,
        is_mine=is_mine,
        told=view.told(marks, given),
        how=view.how_shown(marks),
        opinion=given,
        teller=members.member_card(session, given.told_by_id).name if given and given.told_by_id else "",
        tells=is_asked and given is not None,
        measures=[("", _("None")), *Measure.choices()],
        words=service.words_of(session, review_id, member_id),
        says=service.may_say(found),
        today=clock.today(),
        length=WORDS_LENGTH,
    )
