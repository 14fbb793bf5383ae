"""Signing the own sheet of a year, the branch's way to its archive, and what is done from above."""

from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import BadInputError, NotFoundError
from app.core.forms import RawForm, sent
from app.core.i18n import gettext as _
from app.core.papers import Paper, workbook
from app.core.routing import DbSession, Router
from app.features.ledger.periods import last_day_to_archive
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import EXEMPTION_LABELS, Permission, Role
from app.features.members.two_people import Second
from app.features.scores import words
from app.features.scores.archive import kept, papers, queries, rules, signing
from app.features.scores.archive.forms import PaperForm, SecondForm, SignForm, UnsignedForm
from app.features.scores.archive.queries import lacking
from app.features.scores.archive.snapshot import signed_digest
from app.features.scores.objections import queries as objections
from app.features.scores.queries import MemberSheet
from app.features.sign_in.door import require, require_recent

router = Router()
SureMe = Annotated[Actor, require_recent(Permission.BE_MEMBER)]
"""Whoever holds the member's phone does not sign in the member's name: the password is asked for again."""
Officer = Annotated[Actor, require(Permission.SEE_BRANCH, Permission.STAND_IN)]
Recorder = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS)]
Reader = Annotated[Actor, require(Permission.RECORD_FOR_OTHERS, Permission.STAND_IN)]
Decider = Annotated[Actor, require(Permission.APPROVE, Permission.STAND_IN)]


@router.get("/sheet/{year:int}/sign")
def sign_form(request: Request, session: DbSession, actor: SureMe, year: int) -> Response:
    """What I may say under my sheet."""
    return _sign(request, session, actor, year)


@router.post("/sheet/{year:int}/sign")
def sign(request: Request, session: DbSession, actor: SureMe, year: int, raw: RawForm) -> Response:
    """No objection, or a reservation."""

    def do(form: SignForm) -> Done:
        if form.said not in rules.CHOICES:
            raise BadInputError
        signing.sign(session, actor, year=year, said=form.said, words=form.words, seen=form.seen)
        return Done(f"/sheet/{year}", _("Signed. Thank you."))

    return act(request, session, raw, SignForm, do, page=partial(_sign, request, session, actor, year))


@router.get("/archive")
def latest(actor: Officer) -> Response:
    """The year that is over."""
    return pages.see_other(f"/archive/{clock.today().year - 1}" if queries.sees(actor) else "/archive/above")


@router.get("/archive/{year:int}")
def branch_year(request: Request, session: DbSession, actor: Officer, year: int) -> Response:
    """How far the sheets of the branch are: by group and name, never with points."""
    return _year(request, session, actor, year)


@router.get("/archive/signatures/{signature_id}")
def signature(request: Request, session: DbSession, actor: Reader, signature_id: UUID) -> Response:
    """One person who has not signed on the screen."""
    return _signature(request, session, actor, signature_id)


@router.post("/archive/signatures/{signature_id}/paper")
def paper(request: Request, session: DbSession, actor: Recorder, signature_id: UUID, raw: RawForm) -> Response:
    """The printed sheet is signed."""

    def do(form: PaperForm) -> Done:
        year = _year_of(session, actor, signature_id)
        signing.note_paper(session, actor, signature_id=signature_id, words=form.words)
        return Done(f"/archive/{year}", _("Noted. Another officer who sees the paper confirms it."))

    page = partial(_signature, request, session, actor, signature_id)
    return act(request, session, raw, PaperForm, do, page=page, at="paper")


@router.post("/archive/signatures/{signature_id}/decide")
def decide_paper(request: Request, session: DbSession, actor: Decider, signature_id: UUID, raw: RawForm) -> Response:
    """The paper is there, or is not."""
    second = sent(SecondForm, raw).second
    decided = signing.decide_paper(session, actor, signature_id=signature_id, second=second)
    said = _("Confirmed.") if second is Second.CONFIRM else _("Not confirmed: the signature is waited for again.")
    own = decided.branch_id == actor.branch_id
    return pages.go(request, f"/archive/{decided.year}" if own else "/archive/above", message=said)


@router.post("/archive/signatures/{signature_id}/unsigned")
def unsigned(request: Request, session: DbSession, actor: Recorder, signature_id: UUID, raw: RawForm) -> Response:
    """Why somebody has not signed."""

    def do(form: UnsignedForm) -> Done:
        year = _year_of(session, actor, signature_id)
        signing.note_unsigned(session, actor, signature_id=signature_id, why=form.why)
        return Done(f"/archive/{year}", _("Noted. It costs nothing and stands on the sheet."))

    page = partial(_signature, request, session, actor, signature_id)
    return act(request, session, raw, UnsignedForm, do, page=page, at="unsigned")


@router.get("/archive/{year:int}/print")
def printed(request: Request, session: DbSession, actor: Officer, year: int) -> Response:
    """The archived sheets of the branch as pages of paper, one a person."""
    shown = _archived(session, actor, year)
    audit.printed(session, request, actor, _("Archived sheets"), people=len(shown), year=year)
    return pages.render(
        request,
        "scores/archive_papers.html",
        papers_of=shown,
        year=year,
        words=words,
        archived=papers,
        exemption_labels=EXEMPTION_LABELS,
    )


@router.get("/archive/{year:int}/export.xlsx")
def exported(session: DbSession, actor: Officer, year: int) -> Response:
    """The same as one file, with a table for each person."""
    name = _("Archived sheets of %(name)s %(year)s") % {"name": actor.branch_name, "year": year}
    return workbook(papers.sheets_file(_archived(session, actor, year)), name)


@router.get("/archive/{year:int}/summary")
def summary(request: Request, session: DbSession, actor: Officer, year: int) -> Response:
    """年度汇总表: names, grades and whether they signed."""
    return _summary(session, actor, year).page(request)


@router.get("/archive/{year:int}/summary.xlsx")
def summary_file(session: DbSession, actor: Officer, year: int) -> Response:
    """The same as a file."""
    return _summary(session, actor, year).download()


def _summary(session: Session, actor: Actor, year: int) -> Paper:
    table = papers.summary(_archived(session, actor, year))
    return Paper(
        tables=[table],
        sub=f"{actor.branch_name} · {_('Year %(year)s') % {'year': year}}",
        name=f"{table.name} {actor.branch_name} {year}",
        file=f"/archive/{year}/summary.xlsx",
        back=(f"/archive/{year}", _("Archive of %(year)s") % {"year": year}),
    )


def _sign(request: Request, session: Session, actor: Actor, year: int, answer: Answer = AS_IT_IS) -> Response:
    mine = queries.my_signature(session, actor, year)
    if mine is None:
        raise NotFoundError
    content = signing.read(session, actor, year)
    return answer.drawn(
        request,
        "scores/sign.html",
        year=year,
        mine=mine,
        content=content,
        seen=signed_digest(content),
        choices=[(one.value, one.label) for one in rules.CHOICES],
        words_length=rules.WORDS_LENGTH,
        lacks=lacking(session, [actor.member_id], year).get(actor.member_id, ()),
        is_held=bool(objections.pending(session, [actor.member_id], year)),
    )


def _year(request: Request, session: Session, actor: Actor, year: int) -> Response:
    if not queries.sees(actor) or year >= clock.today().year:
        raise NotFoundError
    people = queries.people(session, actor.branch_id, year)
    deciders, leaders = queries.deciders(session, actor.branch_id)
    mine = actor.member_id
    return pages.render(
        request,
        "scores/archive.html",
        year=year,
        years=[one for one in kept.years(session, actor.branch_id) if one != year],
        groups=[(name, list(rows)) for name, rows in groupby(people, attrgetter("group_name"))],
        counts=[(state, count) for state in rules.State if (count := sum(one.state is state for one in people))],
        to_ask=sum(one.state in {rules.State.NOT_ASKED, rules.State.CHANGED} for one in people),
        asks=not rules.STEPS.isdisjoint(actor.roles),
        settled=queries.is_settled(session, actor.branch_id, year),
        to_propose=sum(
            one.state is rules.State.READY and rules.may_propose(actor.roles, mine, one.id, deciders, leaders)
            for one in people
        ),
        to_confirm=sum(
            one.proposed is not None
            and one.state is rules.State.PROPOSED
            and mine not in (one.id, one.proposed.entered_by_id)
            and (
                mine in deciders
                or (Role.SUPERVISOR in actor.roles and not deciders - {one.id, one.proposed.entered_by_id})
            )
            for one in people
        ),
        lacks=lacking(session, [one.id for one in people], year),
        is_archived=any(one.state is rules.State.ARCHIVED for one in people),
        last=last_day_to_archive(year),
        me=mine,
        notes=actor.may(Permission.RECORD_FOR_OTHERS),
        papers={one.id for one in people if queries.may_confirm_paper(actor, one, deciders)},
    )


def _signature(
    request: Request, session: Session, actor: Actor, signature_id: UUID, answer: Answer = AS_IT_IS
) -> Response:
    row, person = queries.signature(session, actor, signature_id)
    deciding, _leaders = queries.deciders(session, actor.branch_id)
    if not (actor.may(Permission.RECORD_FOR_OTHERS) or queries.may_confirm_paper(actor, person, deciding)):
        raise NotFoundError
    return answer.drawn(
        request,
        "scores/archive_signature.html",
        row=row,
        person=person,
        reasons=rules.Why.choices(),
        words_length=rules.WORDS_LENGTH,
        may_note=clock.today() > row.due_on,
    )


def _year_of(session: Session, actor: Actor, signature_id: UUID) -> int:
    return queries.signature(session, actor, signature_id)[0].year


def _archived(session: Session, actor: Actor, year: int) -> list[MemberSheet]:
    if not actor.may(Permission.SEE_BRANCH):
        raise NotFoundError
    shown = list(kept.of_branch(session, actor.branch_id, year))
    if not shown:
        raise NotFoundError
    return shown
