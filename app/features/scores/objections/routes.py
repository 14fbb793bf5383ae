"""The own objections and those to answer, one form, one page for each, the register, and the numbers for above."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock, formats, forms, pages
from app.core.answers import AS_IT_IS, Answer, Done, OnPage
from app.core.forms import RawForm, id_of, sent
from app.core.i18n import gettext as _
from app.core.papers import Paper
from app.core.routing import DbSession, Router
from app.features.ledger import queries as ledger
from app.features.ledger.rules import shape
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.organisations.queries import viewpoints
from app.features.scores import fact_words
from app.features.scores.objections import corrections, deciders, filing, queries, service, view
from app.features.scores.objections.forms import AnswerForm, Asked, LateForm, ObjectionForm, StepForm
from app.features.scores.objections.rules import (
    REASONS_LENGTH,
    WORDS_LENGTH,
    About,
    Matter,
    NotOpenYetError,
    ObjectionOutcome,
    State,
    Step,
    called,
)
from app.features.sign_in.door import require

HOME: Final = "/objections"
router = Router(prefix=HOME)
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.APPROVE)]
Above = Annotated[Actor, require(Permission.SEE_AGGREGATES)]
Year = Annotated[int | None, Query(ge=2000, le=2199)]


@router.get("")
def mine(request: Request, session: DbSession, actor: Me) -> Response:
    """My own, and those that wait for my word."""
    rows, to_answer = queries.mine(session, actor), queries.to_answer(session, actor)
    rules = {year: corrections.rules_of(session, year) for year in {row.year for row in (*rows, *to_answer)}}
    return pages.render(
        request,
        "scores/objections.html",
        rows=rows,
        to_answer=to_answer,
        rules=rules,
        view=view,
        year=clock.today().year,
    )


@router.get("/new")
def new(request: Request, session: DbSession, actor: Me, asked: Annotated[Asked, Query()]) -> Response:
    """The form, from a line of the sheet or a fact under it."""
    if asked.fact and filing.own_fact(session, actor, asked.fact) is None:
        return _to_the_box(request, asked)
    return _new(request, session, actor, asked)


@router.post("")
def file(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """File it."""
    asked = forms.parse(Asked, raw).value or Asked()

    def do(form: ObjectionForm) -> Done | Response:
        filed = filing.file_objection(session, actor, about=form.about, **form.model_dump())
        if filed is None:
            return _to_the_box(request, asked)
        return Done(f"{HOME}/{filed}", _("Filed. You read the answer here."))

    return answers.act(request, session, raw, ObjectionForm, do, page=partial(_new, request, session, actor, asked))


@router.get("/register")
def register(request: Request, session: DbSession, actor: Officer, year: Year = None) -> Response:
    """The usual form 异议登记表 on paper."""
    return _register(session, actor, year).page(request)


@router.get("/register.xlsx")
def register_file(session: DbSession, actor: Officer, year: Year = None) -> Response:
    """The same as a file."""
    return _register(session, actor, year).download()


@router.get("/numbers")
def numbers(request: Request, session: DbSession, actor: Above, year: Year = None) -> Response:
    """How many in which branch, and what came of them: no names, by the branches' own."""
    year = year or clock.today().year
    table = view.numbers(queries.numbers(session, viewpoints(session, actor), year))
    return pages.render(request, "scores/objection_numbers.html", table=table, year=year)


@router.get("/{objection_id:uuid}")
def one(request: Request, session: DbSession, actor: Me, objection_id: UUID) -> Response:
    """One of my own, or one that I may read."""
    return _one(request, session, actor, objection_id)


@router.post("/{objection_id:uuid}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Me, objection_id: UUID) -> Response:
    """Withdrawn by the member."""
    service.withdraw(session, actor, objection_id)
    return _on(request, session, actor, objection_id).shown(_("Withdrawn."))


@router.post("/{objection_id:uuid}/say")
def say(request: Request, session: DbSession, actor: Me, objection_id: UUID, raw: RawForm) -> Response:
    """The member accepts the answer or takes it further."""
    if sent(StepForm, raw).state is Step.ACCEPT:
        service.accept(session, actor, objection_id)
        return _on(request, session, actor, objection_id).shown(_("Accepted. It is settled."))
    service.escalate(session, actor, objection_id)
    return _on(request, session, actor, objection_id).shown(_("Taken further. The committee decides."))


@router.post("/{objection_id:uuid}/take-up")
def take_up(request: Request, session: DbSession, actor: Me, objection_id: UUID, raw: RawForm) -> Response:
    """A late one is taken up, or not."""

    def do(form: LateForm) -> str:
        service.take_up(session, actor, objection_id, taken=form.step is Step.TAKE_UP, because=form.because)
        return _("Taken up.") if form.step is Step.TAKE_UP else _("Not taken up. The member reads why.")

    return _on(request, session, actor, objection_id).act(raw, LateForm, do, at="form")


@router.post("/{objection_id:uuid}/answer")
def answer(request: Request, session: DbSession, actor: Me, objection_id: UUID, raw: RawForm) -> Response:
    """The answer of the branch."""

    def do(form: AnswerForm) -> str:
        service.answer(session, actor, objection_id, form.said())
        return _("Answered. The member reads it now.")

    return _on(request, session, actor, objection_id).act(raw, AnswerForm, do, at="form")


@router.post("/{objection_id:uuid}/decide")
def decide(request: Request, session: DbSession, actor: Me, objection_id: UUID, raw: RawForm) -> Response:
    """The committee decides for good."""

    def do(form: AnswerForm) -> str:
        service.decide(session, actor, objection_id, form.said())
        return _("Decided. The member reads it now.")

    return _on(request, session, actor, objection_id).act(raw, AnswerForm, do, at="form")


def _on(request: Request, session: Session, actor: Actor, objection_id: UUID) -> OnPage:
    return OnPage(request, session, partial(_one, request, session, actor, objection_id), f"{HOME}/{objection_id}")


def _new(request: Request, session: Session, actor: Actor, asked: Asked, answer: Answer = AS_IT_IS) -> Response:
    form, today = answer.form, clock.today()
    fact = filing.own_fact(session, actor, asked.fact) if asked.fact else None
    year = fact.counts_in.year if fact else asked.year or today.year
    rules = list(corrections.rules_of(session, year).rules())
    rule = next((one for one in rules if (fact.fact_type in one.fact_types if fact else one.id == asked.rule)), None)
    quarter = (fact.counts_in.month + 2) // 3 if fact else asked.quarter
    facts: Sequence[AnyRow] = ()
    if (rule or asked.year) and not fact and not asked.standing:
        since, until = date(year, 3 * (quarter or 1) - 2, 1), date(year, 3 * (quarter or 4), 1)
        types = {kind for one in ([rule] if rule else rules) for kind in one.fact_types}
        facts = ledger.facts(session, actor.member_id, since=since, until=until, kinds=types)
    branches = filing.branches_of(session, actor, fact, year=year, quarter=quarter)
    publicity = filing.opened(session, branches, year=year, quarter=quarter, today=today)
    before = filing.earlier(session, fact.id) if fact else None
    return answer.drawn(
        request,
        "scores/objection_new.html",
        form=form,
        id=id_of(form),
        year=year,
        quarter=quarter,
        fact=fact,
        rule=rule,
        lines=[(one.id, one.title) for one in rules],
        facts=[(row.id, f"{formats.short_day(row.occurred_on)} · {fact_words.title(row)}") for row in facts],
        fact_words=fact_words,
        standing=asked.standing,
        matters=Matter.choices(),
        publicity=publicity,
        too_early=NotOpenYetError().sentence,
        is_late=bool(publicity and publicity.objections_until and today > publicity.objections_until),
        before=before,
        said=filing.said(before) if before else "",
        words_length=WORDS_LENGTH,
    )


def _one(request: Request, session: Session, actor: Actor, objection_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    row = queries.shown(session, actor, objection_id)
    types = corrections.types_of(session, row.year, row.rule_id)
    has_word = actor.member_id in deciders.answerers_of(session, objection_id)
    return answer.drawn(
        request,
        "scores/objection.html",
        block="objection",
        row=row,
        what=view.what(row, corrections.rules_of(session, row.year)),
        period=view.period(row.year, row.quarter),
        number=called(row.year, row.number),
        by=view.by(row),
        told=view.told(row),
        taps=view.member_steps(row, clock.today()) if row.member_id == actor.member_id else [],
        is_own=row.member_id == actor.member_id,
        may_withdraw=row.member_id == actor.member_id and row.state in (State.LATE, State.FILED),
        has_word=has_word,
        outcomes=ObjectionOutcome.choices(),
        entries=view.entries(types) if row.about is not About.STANDING else [],
        is_measured=any(shape(kind).measured for kind in types),
        reasons_length=REASONS_LENGTH,
    )


def _to_the_box(request: Request, asked: Asked) -> Response:
    line = f"?about={asked.year}/{asked.rule}" if asked.year and asked.rule else ""
    said = _("An objection is about your own facts. What concerns somebody else is for the box here.")
    return pages.go(request, f"/complaints{line}", message=said)


def _register(session: Session, actor: Actor, year: int | None) -> Paper:
    year = year or clock.today().year
    table = view.register(queries.of_branch(session, actor, year), corrections.rules_of(session, year))
    return Paper(
        tables=[table],
        sub=f"{actor.branch_name} · {year}",
        name=f"{table.name} {actor.branch_name} {year}",
        file=f"{HOME}/register.xlsx?year={year}",
        back=(HOME, _("Objections")),
    )
