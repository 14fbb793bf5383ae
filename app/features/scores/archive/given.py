"""What an archived sheet takes from the present: who the person is, as what the person counts, by which rules."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.rows import IDS
from app.core.words import Word
from app.features.ledger import years as ledger
from app.features.ledger.anchors import head_of
from app.features.members import queries as members
from app.features.members.models import Organisation
from app.features.scores import queries
from app.features.scores.archive.snapshot import FORMAT, Content, compose, heads_as_given
from app.features.scores.periods import Period
from app.features.scores.queries import MemberSheet
from app.features.scores.standings import exemptions
from app.features.scores.versions import source

_NAMES: Final = select(Organisation.id, Organisation.name).where(Organisation.id.in_(IDS))


def branches_of(session: Session, member_ids: Collection[UUID], branch_id: UUID, year: int) -> set[UUID]:
    """Where facts of these people lie that count in the year, and the branch that archives it."""
    rows = ledger.rows_of_year(session, member_ids, year)
    return {branch_id} | {row.branch_id for of_one in rows.values() for row in of_one}


def at_the_end(year: int) -> Period:
    """The year as it is archived: nothing comes any more."""
    return Period(through=date(year, 12, 31), is_running=False, is_closed=True, takes_facts=False)


def contents(session: Session, member_ids: Collection[UUID], *, branch_id: UUID, year: int) -> Mapping[UUID, Content]:
    """The sheets of the year as they would be archived now, by member; without objections and signatures yet.

    Whoever archives them holds the branches (``branches_of``).
    """
    if not member_ids:
        return {}
    period = at_the_end(year)
    rows = ledger.rows_of_year(session, member_ids, year)
    spans = exemptions(session, member_ids, period)
    posts = members.posts_of(session, member_ids, period.through)
    branches = {branch_id} | {row.branch_id for of_one in rows.values() for row in of_one}
    ends = {branch: head_of(session, branch) for branch in sorted(branches)}
    names = {row.id: row.name for row in session.execute(_NAMES, {"ids": sorted(branches)})}
    grades = ledger.of(session, member_ids, year)
    found: dict[UUID, Content] = {}
    digests: dict[str, str] = {}
    for shown, kept in queries.sheets_of(session, list(member_ids), period):
        version = shown.rules.version
        digests[version] = digests.get(version) or source(session, version).digest
        of_one = rows[shown.member_id]
        own = {branch_id, *(row.branch_id for row in of_one)}
        is_here = shown.branch_name == names[branch_id]
        given = {
            "format": FORMAT,
            "year": year,
            "person": _person(shown, [str(role) for role in posts.get(shown.member_id, ())], is_here=is_here),
            "branches": {str(branch): names[branch] for branch in own},
            "branch": str(branch_id),
            "standing": str(shown.sheet.standing),
            "exemptions": [
                {"kind": str(one.kind), "from": _iso(one.starts_on), "until": _iso(one.ends_on)}
                for one in spans.get(shown.member_id, ())
            ],
            "vetoes": [
                {"kind": str(one.kind), "basis": one.basis, "document": one.document, "dated": _iso(one.dated)}
                for one in shown.vetoes
            ],
            "rules": {"version": version, "sha256": digests[version]},
            "grade": _grade(grades.get(shown.member_id)),
            "kept": sorted(str(kind) for kind in kept),
            "heads": heads_as_given({branch: ends[branch] for branch in own}),
        }
        found[shown.member_id] = compose(given, of_one, shown.rules)
    return found


def _grade(grade: Word | None) -> Content | None:
    """What the committee gave, and its word as it was written."""
    return {"value": str(grade), "label": grade.label.message} if grade else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _person(shown: MemberSheet, posts: list[str], *, is_here: bool) -> Content:
    """Who has moved since has no group here: the group is one of the new branch."""
    return {
        "id": str(shown.member_id),
        "name": shown.name,
        "group": shown.group_name if is_here else None,
        "post": shown.post,
        "posts": posts,
    }
