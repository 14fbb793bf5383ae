"""A publicity for the branch, with its steps for officers; the same on paper and as a file."""

from collections.abc import Collection, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, formats, holidays, pages
from app.core.answers import AS_IT_IS, Answer, OnPage
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm, id_of
from app.core.i18n import gettext as _
from app.core.papers import workbook
from app.core.routing import DbSession, Provided, Router
from app.core.tables import Cell, Table
from app.features.ledger.queries import branches_called
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.scores.objections.corrections import corrections
from app.features.scores.objections.queries import pending_in
from app.features.scores.publicity import papers, queries, rules, service
from app.features.scores.publicity.content import ShownPerson, content, word_for
from app.features.scores.publicity.models import Publicity
from app.features.sign_in.door import require

HOME: Final = "/publicity"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Asked = Annotated[rules.Period, Provided(lambda _session, request: rules.period(**request.path_params))]
"""The period that the address names."""


class ProposalForm(FormModel):
    """How long, and who takes objections."""

    id: UUID
    working_days: int
    reception: Annotated[str, Field(min_length=1, max_length=rules.NAME_LENGTH)]
    phone: Annotated[str, Field(max_length=rules.PHONE_LENGTH)] | None = None


class StepForm(FormModel):
    """Which step is taken."""

    act: rules.Act


class WithdrawalForm(FormModel):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=rules.REASON_LENGTH)]


@router.get("/{year:int}")
@router.get("/{year:int}/{quarter:int}")
def one(request: Request, session: DbSession, actor: MemberActor, asked: Asked) -> Response:
    """What is publicised of a period: for the branch once it is published, for its officers before."""
    return _page(request, session, actor, asked)


@router.post("/{year:int}")
@router.post("/{year:int}/{quarter:int}")
def propose(request: Request, session: DbSession, actor: Officer, raw: RawForm, asked: Asked) -> Response:
    """Propose that it be publicised."""

    def do(form: ProposalForm) -> str:
        service.propose(session, actor, pending=_pending(session, actor, asked), **asked._asdict(), **dict(form))
        return _("Proposed. Somebody checks now that nothing in it is secret.")

    return _on(request, session, actor, asked).act(raw, ProposalForm, do, at="propose")


@router.post("/of/{publicity_id}/step")
def take(request: Request, session: DbSession, actor: MemberActor, publicity_id: UUID, raw: RawForm) -> Response:
    """Take the step that follows."""
    asked = queries.period_of(session, actor, publicity_id)

    def do(form: StepForm) -> str:
        found = service.take(
            session, actor, publicity_id=publicity_id, act=form.act, pending=_pending(session, actor, asked)
        )
        return _done(form.act, found)

    return _on(request, session, actor, asked).act(raw, StepForm, do, at="step")


@router.post("/of/{publicity_id}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Officer, publicity_id: UUID, raw: RawForm) -> Response:
    """Withdraw it with a reason."""
    asked = queries.period_of(session, actor, publicity_id)

    def do(form: WithdrawalForm) -> str:
        service.withdraw(session, actor, publicity_id=publicity_id, reason=form.reason)
        return _("Withdrawn. A new one begins from zero.")

    return _on(request, session, actor, asked).act(raw, WithdrawalForm, do, at="withdraw")


@router.get("/{year:int}/print")
@router.get("/{year:int}/{quarter:int}/print")
def printed(request: Request, session: DbSession, actor: MemberActor, asked: Asked) -> Response:
    """The same on paper."""
    found, tables = _tables(session, actor, asked)
    audit.printed(session, request, actor, _title(asked))
    return pages.render(
        request,
        "scores/publicity_paper.html",
        found=found,
        asked=asked,
        title=_title(asked),
        tables=tables,
        address=f"{HOME}/{asked.path}",
        last_days=papers.last_days(found, on_paper=True),
    )


@router.get("/{year:int}/export.xlsx")
@router.get("/{year:int}/{quarter:int}/export.xlsx")
def exported(session: DbSession, actor: MemberActor, asked: Asked) -> Response:
    """The same as a file."""
    found, tables = _tables(session, actor, asked)
    about = Table(
        _("About this publicity"),
        (_("Detail"), _("Content")),
        [*papers.last_days(found, on_paper=True), *papers.head(found)],
    )
    return workbook([*tables, about], f"{actor.branch_name} {_title(asked)}")


def _on(request: Request, session: Session, actor: Actor, asked: rules.Period) -> OnPage:
    return OnPage(request, session, partial(_page, request, session, actor, asked), f"{HOME}/{asked.path}")


def _page(request: Request, session: Session, actor: Actor, asked: rules.Period, answer: Answer = AS_IT_IS) -> Response:
    sees = actor.may(Permission.SEE_BRANCH)
    found = queries.standing(session, actor.branch_id, asked.year, asked.quarter)
    act = found.next_act if found else None
    does = found is not None and act is not None and service.may(session, actor, found, act)
    shown = found if found and (found.published_at or sees or does) else None
    former = _former(session, actor, asked)
    if not (shown or sees or former):
        raise NotFoundError
    form = answer.forms.get("propose")
    whole = content(session, actor.branch_id, asked, shown) if shown or sees else []
    return answer.drawn(
        request,
        "scores/publicity.html",
        block="publicity",
        withdrawal=answer.forms.get("withdraw"),
        form=form,
        asked=asked,
        title=_title(asked),
        address=f"{HOME}/{asked.path}",
        objects_at=f"/objections/new?year={asked.year}" + (f"&quarter={asked.quarter}" if asked.quarter else ""),
        found=shown,
        last_days=papers.last_days(shown) if shown else (),
        state=_state(session, actor, shown, asked),
        act=act if does else None,
        waits_for=act,
        is_own=found is not None and found.proposed_by_id == actor.member_id,
        steps=queries.steps(session, actor.branch_id, asked) if sees or does else (),
        groups=[(name, list(people)) for name, people in groupby(whole, attrgetter("group"))],
        corrected=_corrected(session, actor, asked, shown),
        former=former,
        opens=asked.opens(holidays.calendar(session)),
        holds=queries.holding(session, actor.branch_id, asked, found, _pending(session, actor, asked)) if sees else (),
        may_propose=found is None and not rules.PROPOSERS.isdisjoint(actor.roles),
        may_withdraw=actor.may(Permission.APPROVE)
        and found is not None
        and (found.ends_on is None or clock.today() <= found.ends_on),
        id=id_of(form),
        reception=actor.name,
        today=clock.today(),
        name_length=rules.NAME_LENGTH,
        phone_length=rules.PHONE_LENGTH,
        reason_length=rules.REASON_LENGTH,
    )


def _former(
    session: Session, actor: Actor, asked: rules.Period
) -> tuple[str, Sequence[tuple[str, str]], ShownPerson] | None:
    """Of somebody who has moved since: the own facts as the branch of then publicised them, and nobody else's."""
    branch_id = queries.branch_then(session, actor, asked)
    found = queries.current(session, branch_id, asked.year, asked.quarter) if branch_id != actor.branch_id else None
    own = [one for one in content(session, branch_id, asked, found) if one.id == actor.member_id] if found else []
    if not (found and own):
        return None
    (name,) = branches_called(session, str(branch_id)).values()
    return name, papers.last_days(found), own[0]


def _state(session: Session, actor: Actor, found: Publicity | None, asked: rules.Period) -> rules.State:
    pending = found is not None and asked in _pending(session, actor, asked)
    return rules.state_of(
        found.ends_on if found else None, found.objections_until if found else None, clock.today(), pending=pending
    )


def _pending(session: Session, actor: Actor, asked: rules.Period) -> Collection[rules.Period]:
    """The periods of the year, and of the one before, of which an objection waits."""
    return pending_in(session, [actor.branch_id], asked.year)[actor.branch_id]


def _corrected(session: Session, actor: Actor, asked: rules.Period, found: Publicity | None) -> list[Sequence[Cell]]:
    """What upheld objections have put right since it was published: by group and pinyin, no reasons."""
    if found is None or found.published_at is None:
        return []
    return [
        (
            one.group_name,
            one.name,
            str(word),
            formats.short_day(one.occurred_on, asked.year),
            _("taken back") if one.is_taken_back else _("entered"),
        )
        for one in corrections(session, actor.branch_id, *asked, since=found.published_at)
        if (word := word_for(one.fact_type))
    ]


def _tables(session: Session, actor: Actor, asked: rules.Period) -> tuple[Publicity, list[Table]]:
    """What is printed: what was publicised, and at its end what was corrected, if anything was."""
    found, people = _shown(session, actor, asked)
    headings = (_("Group"), _("Name"), _("What was recorded"), _("Dates"), _("Correction"))
    corrected = _corrected(session, actor, asked, found)
    return found, [
        papers.table(asked, _title(asked), people),
        *([Table(_("Corrected since"), headings, corrected)] if corrected else []),
    ]


def _shown(session: Session, actor: Actor, asked: rules.Period) -> tuple[Publicity, list[ShownPerson]]:
    """What can be printed: what is published, and for officers what is on its way."""
    find = queries.standing if actor.may(Permission.SEE_BRANCH) else queries.current
    found = find(session, actor.branch_id, asked.year, asked.quarter)
    if found is None:
        raise NotFoundError
    return found, content(session, actor.branch_id, asked, found)


def _title(asked: rules.Period) -> str:
    return _("Publicity of %(period)s") % {"period": asked.words}


def _done(act: rules.Act, found: Publicity) -> str:
    if act is rules.Act.CHECK:
        return _("Checked. Another officer than the one who proposed it approves it now.")
    if act is rules.Act.APPROVE:
        return _("Approved. It can be published now.")
    until = formats.day(found.ends_on) if found.ends_on else ""
    return _("Published. Everybody of the branch can read it until %(day)s and object.") % {"day": until}
