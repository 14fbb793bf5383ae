"""What waits for a word from above: archives, and signed papers, of branches that have no other officer for them."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select, tuple_, union
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.others import nobody_else
from app.features.members.queries import AnyRow
from app.features.members.standing import DECIDING
from app.features.members.two_people import Stands
from app.features.scores.archive.models import Archiving, Signature
from app.features.scores.archive.rules import SignatureWords

PAGE: Final = 30
"""Branches on a page."""
_By = aliased(Member)
_LEADS: Final = bindparam("leads", type_=Uuid(), expanding=True)
_OWN: Final = bindparam("own", type_=Uuid())
_ME: Final = bindparam("me", type_=Uuid())
IS_ALONE: Final = (
    Archiving.stands == Stands.WAITING,
    nobody_else(Archiving.branch_id, DECIDING, Archiving.member_id, Archiving.entered_by_id),
)
"""An archive that no other officer of its branch can confirm."""
PAPER_IS_ALONE: Final = (
    Signature.said == SignatureWords.PAPER,
    Signature.confirmed_by_id.is_(None),
    nobody_else(Signature.branch_id, DECIDING, Signature.member_id, Signature.said_by_id),
)
"""A signed paper that no other officer of its branch can confirm."""


_UP: Final = powers.everything_over(
    select(Organisation.id).where(
        or_(
            Organisation.id.in_(select(Archiving.branch_id).where(Archiving.stands == Stands.WAITING)),
            Organisation.id.in_(
                select(Signature.branch_id).where(
                    Signature.said == SignatureWords.PAPER, Signature.confirmed_by_id.is_(None)
                )
            ),
        )
    )
)
_BELOW: Final = select(_UP.c.place_id).where(_UP.c.over_id.in_(_LEADS), _UP.c.place_id != _OWN)
"""Branches below the actor's committee where something waits at all, but for the own one."""
_ARCHIVES_BELOW: Final = (*IS_ALONE, Archiving.branch_id.in_(_BELOW))
_PAPERS_BELOW: Final = (*PAPER_IS_ALONE, Signature.branch_id.in_(_BELOW))
_IDS_BELOW: Final = union(
    select(Archiving.branch_id).where(*_ARCHIVES_BELOW), select(Signature.branch_id).where(*_PAPERS_BELOW)
)
_FIRST: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.id.in_(_IDS_BELOW))
    .order_by(Organisation.pinyin, Organisation.id)
    .limit(PAGE + 1)
)
_LAST: Final = select(Organisation.pinyin, Organisation.id).where(Organisation.id == bindparam("after", type_=Uuid()))
_NEXT: Final = _FIRST.where(tuple_(Organisation.pinyin, Organisation.id) > _LAST.scalar_subquery())
_ARCHIVES: Final = (
    select(Archiving.branch_id, Archiving.year, Member.name, _By.name.label("by"))
    .join(Member, Member.id == Archiving.member_id)
    .join(_By, _By.id == Archiving.entered_by_id)
    .where(Archiving.branch_id.in_(IDS), *IS_ALONE)
    .order_by(Archiving.branch_id, Archiving.year, Member.pinyin, Member.id)
)
_PAPERS: Final = (
    select(Signature.id, Signature.branch_id, Signature.year, Signature.words, Member.name, _By.name.label("by"))
    .join(Member, Member.id == Signature.member_id)
    .join(_By, _By.id == Signature.said_by_id)
    .where(Signature.branch_id.in_(IDS), *PAPER_IS_ALONE)
    .order_by(Signature.branch_id, Signature.year, Member.pinyin, Member.id)
)
_NOT_MINE: Final = (Archiving.member_id != _ME, Archiving.entered_by_id != _ME)
_PAPER_NOT_MINE: Final = (Signature.member_id != _ME, or_(Signature.said_by_id.is_(None), Signature.said_by_id != _ME))
_NUMBERS_BELOW: Final = (
    select(func.count(Archiving.id)).where(*_ARCHIVES_BELOW, *_NOT_MINE),
    select(func.count(Signature.id)).where(*_PAPERS_BELOW, *_PAPER_NOT_MINE),
)
_NUMBERS_HERE: Final = (
    select(func.count(Archiving.id)).where(Archiving.branch_id == _OWN, *IS_ALONE, *_NOT_MINE),
    select(func.count(Signature.id)).where(Signature.branch_id == _OWN, *PAPER_IS_ALONE, *_PAPER_NOT_MINE),
)


class Waiting(NamedTuple):
    """What waits of one branch that has no other officer for it."""

    branch_id: UUID
    branch: str
    archives: Sequence[tuple[int, list[str], str]]
    """Of each year whose sheets, and who proposed it."""
    papers: Sequence[AnyRow]


def waiting(session: Session, actor: Actor, after: UUID | None = None) -> tuple[list[Waiting], UUID | None]:
    """What waits for the actor, by branch: those below the own post, and only what none of their officers confirms.

    A page of them; and behind which branch the next one begins.
    """
    asked = _asked(actor) | ({"after": after} if after else {})
    places = session.execute(_NEXT if after else _FIRST, asked).all()
    shown = places[:PAGE]
    here = {"ids": [place.id for place in shown], "day": clock.today()}
    archives, papers = (_by_branch(session.execute(one, here).all()) for one in (_ARCHIVES, _PAPERS))
    found = [
        Waiting(place.id, place.name, _years(archives.get(place.id, ())), papers.get(place.id, ())) for place in shown
    ]
    return found, shown[-1].id if len(places) > PAGE else None


def number_below(session: Session, actor: Actor) -> int:
    """How many archives and papers wait below the actor's committee."""
    return sum(session.scalar(one, _asked(actor)) or 0 for one in _NUMBERS_BELOW)


def number_here(session: Session, actor: Actor) -> int:
    """How many of the own branch wait for whom the members' meeting has named."""
    return sum(session.scalar(one, _asked(actor)) or 0 for one in _NUMBERS_HERE)


def _asked(actor: Actor) -> dict[str, Any]:
    return {"leads": sorted(actor.leads), "own": actor.branch_id, "me": actor.member_id, "day": clock.today()}


def _by_branch(rows: Sequence[AnyRow]) -> Mapping[UUID, list[AnyRow]]:
    return {branch_id: list(own) for branch_id, own in groupby(rows, lambda row: row.branch_id)}


def _years(rows: Sequence[AnyRow]) -> list[tuple[int, list[str], str]]:
    found = []
    for year, own in groupby(rows, lambda row: row.year):
        people = list(own)
        found.append((year, [row.name for row in people], people[0].by))
    return found
