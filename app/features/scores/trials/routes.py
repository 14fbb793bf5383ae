"""Trying a rule set: numbers for who publishes it, names for officers of a branch, the own sheet for everybody."""

from datetime import date
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm, sent
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router, Units
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.scores import words
from app.features.scores.drafts import checking, editing
from app.features.scores.drafts import queries as drafts
from app.features.scores.periods import Period, period_of
from app.features.scores.trials import rules, service
from app.features.scores.trials.service import Tried
from app.features.scores.versions import known, place
from app.features.sign_in.door import require

HOME: Final = "/trials"
BRANCHES: Final = 100
"""Branches on a page of a result."""
YEARS_BACK: Final = 3
router = Router(prefix=HOME)
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Second = Annotated[Actor, require(Permission.PUBLISH_RULES)]


class TrialForm(FormModel):
    """What is tried on which period, such as 2026-06."""

    rules: str
    through: str


@router.get("")
def trial(request: Request, session: DbSession, actor: Second, *, rules: str, after: int = 0) -> Response:
    """The actor's trial: its beginning, how far it is, or its numbers."""
    return _trial(request, session, actor, rules, after)


@router.post("")
def begin(request: Request, session: DbSession, actor: Second, raw: RawForm) -> Response:
    """Begin a trial."""
    form = sent(TrialForm, raw)
    _check_reader(session, actor)
    service.begin(session, actor, service.tried(session, actor, form.rules, _period(form.through)))
    return pages.go(request, f"{HOME}?rules={form.rules}")


@router.post("/go-on")
def go_on(request: Request, units: Units, actor: Second) -> Response:
    """Count some more, and say how far it is."""
    with units.read() as session:
        row = service.of_actor(session, actor)
        if row is None:
            raise rules.TrialOverError
        what = service.tried(session, actor, row.rules, _period(f"{row.through:%Y-%m}"))
    service.go_on(units, actor, what)
    if not pages.wants_fragment(request):
        return pages.see_other(f"{HOME}?rules={what.name}")
    with units.read() as session:
        return _trial(request, session, actor, what.name)


@router.post("/cancel")
def cancel(request: Request, session: DbSession, actor: Second, raw: RawForm) -> Response:
    """End the trial."""
    service.cancel(session, actor)
    return pages.go(request, f"{HOME}?rules={sent(TrialForm, raw).rules}", message=_("Ended. Nothing of it is kept."))


@router.get("/mine")
def mine(request: Request, session: DbSession, actor: Me, *, rules: str = "", through: str = "") -> Response:
    """What a rule set would change on the own sheet."""
    return _person(request, session, actor, actor.member_id, name=rules, through=through)


@router.get("/members/{member_id}")
def member(
    request: Request, session: DbSession, actor: Officer, *, member_id: UUID, rules: str = "", through: str = ""
) -> Response:
    """The same on the sheet of a member of the own branch."""
    members.colleague(session, actor, member_id)
    return _person(request, session, actor, member_id, name=rules, through=through)


@router.get("/branch")
def branch(request: Request, session: DbSession, actor: Officer, *, rules: str = "", through: str = "") -> Response:
    """Whose sheets of the own branch would change, by group and name; each difference on a page of its own."""
    what = _open(session, actor, rules, through)
    people = {row.id: row for row in members.branch_members(session, actor.branch_id)}
    found = [(people[row.id], names) for row, names, _sheets in service.differing(session, list(people), what)]
    return pages.render(
        request,
        "scores/trials/branch.html",
        groups=[(name, list(rows)) for name, rows in groupby(found, key=lambda one: one[0].group_name)],
        number=len(found),
        of=len(people),
        **_around(session, actor, what),
    )


def _trial(request: Request, session: Session, actor: Actor, name: str, after: int = 0) -> Response:
    _check_reader(session, actor)
    row = service.of_actor(session, actor)
    is_of_it = row is not None and row.rules == name
    what = service.tried(session, actor, name, _period(f"{row.through:%Y-%m}") if row and is_of_it else _period(""))
    found = rules.result(service.counted(row)) if row and row.is_over and is_of_it else None
    names = service.branch_names(session, [one for one, *_rest in found.branches]) if found else {}
    cells = {one: rest for one, *rest in found.branches} if found else {}
    return pages.render(
        request,
        "scores/trials/trial.html",
        block="trial",
        row=row if is_of_it else None,
        found=found,
        shown=[(name, *cells[one]) for one, name in [*names.items()][after : after + BRANCHES]],
        next_after=after + BRANCHES if after + BRANCHES < len(names) else None,
        **_around(session, actor, what),
    )


def _person(request: Request, session: Session, actor: Actor, member_id: UUID, *, name: str, through: str) -> Response:
    what = _open(session, actor, name, through)
    found = next(service.differing(session, [member_id], what), None)
    return pages.render(
        request,
        "scores/trials/person.html",
        is_own=member_id == actor.member_id,
        name=members.member_card(session, member_id).name,
        sheets=found[2] if found else None,
        names=found[1] if found else (),
        lines=[rules.lines_of(sheet) for sheet in found[2]] if found else (),
        **_around(session, actor, what),
    )


def _open(session: Session, actor: Actor, name: str, through: str) -> Tried:
    """What everybody may try: a version, or a draft that waits to be published; the newest one if none is named."""
    choices = _choices(session, actor)
    if not choices:
        raise NotFoundError
    chosen = name or choices[0][0]
    if chosen not in {one for one, _words in choices}:
        raise NotFoundError
    return service.tried(session, actor, chosen, _period(through))


def _choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    proposed = [(str(row.id), row.version) for row in drafts.drafts(session, actor) if row.stands == "proposed"]
    return [*proposed, *((version, version) for version in sorted(known(session), key=place, reverse=True))]


def _check_reader(session: Session, actor: Actor) -> None:
    if not drafts.may_read(session, actor):
        raise NotFoundError


def _period(through: str) -> Period:
    return period_of(clock.today(), through=through or None)


def _around(session: Session, actor: Actor, what: Tried) -> dict[str, Any]:
    today = clock.today()
    quarters = (
        date(year, month, 1) for year in range(today.year, today.year - YEARS_BACK, -1) for month in (12, 9, 6, 3)
    )
    begun = [
        period_of(today, through=f"{min(last, today):%Y-%m}")
        for last in quarters
        if last.replace(month=last.month - 2) <= today
    ]
    why: dict[str, list[checking.Difference]] = {}
    titles = {rule["id"]: rule["title"] for piece in (what.before, what.after) for _s, rule in editing.rules(piece)}
    for one in checking.differences(what.before, what.after):
        why.setdefault(one.rule_id if one.rule_id in titles else rules.WHOLE, []).append(one)
    return {
        "what": what,
        "periods": [(f"{period.through:%Y-%m}", words.period_words(period)) for period in begun],
        "through": f"{what.period.through:%Y-%m}",
        "period": words.period_words(what.period),
        "choices": _choices(session, actor),
        "why": why,
        "titles": titles,
        "in_words": editing.in_words,
        "called": editing.called,
        "whole": rules.WHOLE,
    }
