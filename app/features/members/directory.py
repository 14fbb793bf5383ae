"""Who is in a branch, as the asking person may see it: officers the whole line, members the names and posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import queries, reach
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.names import is_meant, plain
from app.features.members.rules import ExemptionKind, OrganisationKind, Permission, Role

FOUND: Final = 50
"""People in one list of what was looked for in all branches."""
_BRANCH_NAME: Final = select(Organisation.name).where(
    Organisation.id == bindparam("branch"), Organisation.kind == OrganisationKind.BRANCH
)


@dataclass(frozen=True, slots=True)
class Directory:
    """The members of a branch by group and pinyin, with what is said beside their names."""

    branch_id: UUID
    branch_name: str
    groups: list[tuple[str | None, list[queries.AnyRow]]]
    """Members by the name of their group; those without one come last."""
    posts: Mapping[UUID, list[Role]]
    exempt: Mapping[UUID, ExemptionKind]
    in_detail: bool
    """Whether phone numbers, states and the members' own pages are for the asking person."""
    can_change: bool
    can_appoint: bool
    """Whether the asking person has a hand in posts and slips here, perhaps from above, without seeing the rest."""
    typed: str
    former: bool
    everywhere: bool = False
    """Whether ``typed`` was looked for in all branches; ``groups`` are then people by branch, and may have left."""
    has_more: bool = False
    """Whether more people are meant than are listed."""


def directory(
    session: Session, actor: Actor, *, branch_id: UUID | None = None, typed: str = "", former: bool = False
) -> Directory:
    """The directory of a branch (the own one, if not said), or only whom ``typed`` means.

    Who keeps everybody looks for somebody in all branches: whoever asks for help rarely says which one.

    ``former`` lists who has left; that is for those only who see the branch in detail.
    """
    branch_id = branch_id or actor.branch_id
    everywhere = actor.may(Permission.MANAGE_ALL_PEOPLE)
    branch_name = session.scalars(_BRANCH_NAME, {"branch": branch_id}).one_or_none()
    can_appoint = reach.may_appoint(session, actor, branch_id)
    if branch_name is None or not (everywhere or can_appoint or branch_id == actor.branch_id):
        raise NotFoundError
    in_detail = reach.sees_in_detail(actor, branch_id)
    former = former and in_detail
    if everywhere and plain(typed):
        people = queries.people_meant(session, typed, FOUND + 1)
        return Directory(
            branch_id=branch_id,
            branch_name=branch_name,
            groups=[(place, list(found)) for place, found in groupby(people[:FOUND], attrgetter("branch_name"))],
            posts={},
            exempt={},
            in_detail=True,
            can_change=True,
            can_appoint=can_appoint,
            typed=typed,
            former=False,
            everywhere=True,
            has_more=len(people) > FOUND,
        )
    rows = queries.former_members(session, branch_id) if former else queries.branch_members(session, branch_id)
    meant = [row for row in rows if not typed or is_meant_to(typed, row, in_detail=in_detail)]
    return Directory(
        branch_id=branch_id,
        branch_name=branch_name,
        groups=[(group, list(members)) for group, members in groupby(meant, attrgetter("group_name"))],
        posts=queries.posts_in(session, branch_id),
        exempt=queries.exempt_on(session, branch_id) if in_detail else {},
        in_detail=in_detail,
        can_change=reach.may_change(actor, branch_id),
        can_appoint=can_appoint,
        typed=typed,
        former=former,
    )


def is_meant_to(typed: str, row: queries.AnyRow, *, in_detail: bool) -> bool:
    """Whether ``typed`` means this person to somebody who sees the branch so: no number finds them without detail."""
    phone, number = (row.phone, row.member_number) if in_detail else (None, None)
    return is_meant(typed, name=row.name, pinyin=row.pinyin, phone=phone, number=number)
