"""Trying a rule set on a past or running period: batch by batch, in flat memory, and only numbers remain."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, Uuid, bindparam, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from app.core import clock, ids
from app.core.db import Database
from app.core.rows import IDS, locked
from app.features.ledger import queries as ledger
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.rules import AuditAction, OrganisationKind
from app.features.scores import standings
from app.features.scores.drafts import queries as drafts
from app.features.scores.drafts.editing import Piece
from app.features.scores.periods import Period
from app.features.scores.queries import kept_types
from app.features.scores.rule_set import RuleSet
from app.features.scores.rules import evaluate
from app.features.scores.sheet import ScoreStanding, Sheet
from app.features.scores.trials import rules
from app.features.scores.trials.models import RuleTrial
from app.features.scores.trials.rules import Counts, TrialOverError
from app.features.scores.versions import digest, parsed, rules_of, source, version_of
from app.features.scores.vetoes.queries import confirmed

AT_ONCE: Final = 200
"""People whose facts are in memory at a time."""
STRETCH_S: Final = 1.0
"""Seconds after which the page hears how far it is."""
KEPT_FOR: Final = timedelta(days=1)
_TRIALS: Final = cast(Table, RuleTrial.__table__)
_TRIAL: Final = select(RuleTrial).where(RuleTrial.asked_by_id == bindparam("me", type_=Uuid()))
_HELD: Final = locked(_TRIAL)
_OLD: Final = delete(RuleTrial).where(
    or_(RuleTrial.asked_by_id == bindparam("me", type_=Uuid()), RuleTrial.begun_at < bindparam("since"))
)
_PEOPLE: Final = (
    select(Member.id)
    .join(Organisation, Organisation.id == Member.branch_id)
    .where(
        Organisation.kind == OrganisationKind.BRANCH,
        or_(Member.left_on.is_(None), Member.left_on > bindparam("day", type_=Member.left_on.type)),
    )
)
_NUMBER: Final = select(func.count()).select_from(_PEOPLE.subquery())
_NAMES: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.BRANCH)
    .order_by(Organisation.pinyin, Organisation.id)
)
_FIRST: Final = _PEOPLE.order_by(Member.id).limit(AT_ONCE)
_NEXT: Final = _PEOPLE.where(Member.id > bindparam("after", type_=Uuid())).order_by(Member.id).limit(AT_ONCE)

_COMPARED: Final = select(Member.id, Member.branch_id, Member.status, Member.confirmed).where(Member.id.in_(IDS))


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried against what, on which period."""

    name: str
    """A version, or the id of a draft."""
    called: str
    period: Period
    version: str
    """The one that the year has."""
    before: Piece
    after: Piece
    text: str
    rules: tuple[RuleSet, RuleSet]
    """The year's own, and the one that is tried."""


def tried(session: Session, actor: Actor, name: str, period: Period) -> Tried:
    """What a trial is of.

    Raises:
        NotFoundError, UnknownRuleSetError: no such draft that the actor may know, or no such version.
        RuleSetRefusedError: the draft cannot stand.
    """
    if draft_id := ids.read(name):
        row: Any = drafts.draft(session, actor, draft_id)
        text, called = row.text, row.version
    else:
        text, called = source(session, name).text, name
    version = version_of(session, period.year)
    own = source(session, version).text
    pieces = (drafts.piece(own), drafts.piece(text))
    return Tried(name, called, period, version, *pieces, text, (rules_of(session, version), parsed(text)))


def begin(session: Session, actor: Actor, what: Tried) -> None:
    """Begin a trial in the place of the actor's last one."""
    session.execute(_OLD, {"me": actor.member_id, "since": clock.now() - KEPT_FOR})
    row = {
        "asked_by_id": actor.member_id,
        "rules": what.name,
        "digest": digest(what.text),
        "through": what.period.through,
        "total": session.scalar(_NUMBER, {"day": clock.today()}) or 0,
        "begun_at": clock.now(),
        "done": 0,
        "is_over": False,
        "counted": "{}",
    }
    session.execute(insert(_TRIALS), row)
    said = {"period": what.period.through, "digest": row["digest"]}
    audit.record(session, actor.member_id, AuditAction.RULES_TRIED, audit.Subject(what.called), audit.changed({}, said))


def of_actor(session: Session, actor: Actor) -> RuleTrial | None:
    """The trial of the actor, running or over."""
    return session.scalars(_TRIAL, {"me": actor.member_id}).one_or_none()


def counted(trial: RuleTrial) -> dict[UUID, Counts]:
    """What was counted until now, by branch."""
    return rules.unpacked(json.loads(trial.counted))


def branch_names(session: Session, branches: Sequence[UUID]) -> dict[UUID, str]:
    """Branches by name."""
    asked = set(branches)
    return {row.id: row.name for row in session.execute(_NAMES) if row.id in asked}


def cancel(session: Session, actor: Actor) -> None:
    """End the actor's trial, and forget what was counted."""
    session.execute(_OLD, {"me": actor.member_id, "since": clock.now() - KEPT_FOR})


def go_on(database: Database, actor: Actor, what: Tried, *, stretch: float = STRETCH_S) -> None:
    """Count some more people, for about ``stretch`` seconds, at least one batch; nothing is held meanwhile.

    Raises:
        TrialOverError: it was ended, or is of something else.
    """
    with database.snapshot() as session:
        trial = of_actor(session, actor)
        if trial is None or (trial.rules, trial.digest) != (what.name, digest(what.text)):
            raise TrialOverError
        session.expunge(trial)
        came_from, over = trial.after_id, trial.is_over
        numbers = defaultdict(Counts, counted(trial))
        until = time.monotonic() + stretch
        while not over:
            members = _after(session, trial.after_id)
            over = len(members) < AT_ONCE
            for row, (before, after) in compared(session, members, what.period, what.rules):
                rules.count(numbers[row.branch_id], before, after)
            trial.done += len(members)
            trial.after_id = members[-1] if members else trial.after_id
            if time.monotonic() > until:
                break
    with database.write() as session:
        held = session.scalars(_HELD, {"me": actor.member_id}).one_or_none()
        if held is None or held.digest != trial.digest or held.through != trial.through:
            raise TrialOverError
        if held.after_id == came_from and not held.is_over:  # a second window counts the same people: once
            held.done, held.after_id, held.is_over = min(trial.done, held.total), trial.after_id, over
            held.counted = json.dumps(rules.packed(numbers))


def _after(session: Session, last: UUID | None) -> Sequence[UUID]:
    statement, asked = (_FIRST, {}) if last is None else (_NEXT, {"after": last})
    return session.scalars(statement, {"day": clock.today(), **asked}).all()


def differing(
    session: Session, members: Sequence[UUID], what: Tried
) -> Iterator[tuple[Row[*tuple[Any, ...]], list[str], tuple[Any, Any]]]:
    """The people whose sheet would change, in the order of ``members``, with the rules that change it."""
    for row, (before, after) in compared(session, members, what.period, what.rules):
        if before.total is not None and (names := rules.changed_rules(before, after)):
            yield row, names, (before, after)


def compared(
    session: Session, ids: Sequence[UUID], period: Period, rule_sets: Sequence[RuleSet]
) -> Iterator[tuple[Row[*tuple[Any, ...]], list[Sheet]]]:
    """Each of these members with the sheet of each rule set, as if the period had ended for good.

    Who may see whom is for the caller to know.
    """
    people = {row.id: row for row in session.execute(_COMPARED, {"ids": ids})}
    totals = ledger.totals(session, ids, since=period.since, until=period.through)
    kept = kept_types(session, period.year)
    over, exempt = confirmed(session, ids, period.year), standings.exemptions(session, ids, period)
    for person in (people[one] for one in ids):
        is_exempt = standings.exemption(period, exempt.get(person.id, ()))
        standing = ScoreStanding.EXEMPT if is_exempt else standings.standing(period, person.status, person.confirmed)
        said: dict[str, Any] = {"standing": standing, "vetoes": [veto.kind for veto in over.get(person.id, ())]}
        of_year = totals[person.id]
        yield (
            person,
            [evaluate(one, of_year, through=period.through, kept=kept, closed=True, **said) for one in rule_sets],
        )
