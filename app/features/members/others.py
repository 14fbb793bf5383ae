"""Whether a branch has somebody else who could be the second of two, for statements that read many at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, or_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from app.features.members.models import Member, RoleTerm
from app.features.members.rules import Role


def nobody_else(
    branch: SQLCoreOperations[UUID], roles: Collection[Role], *people: SQLCoreOperations[Any]
) -> ColumnElement[bool]:
    """Whether nobody of the branch but these ``people`` holds one of these posts on ``day``, which it asks for."""
    post, holder = aliased(RoleTerm), aliased(Member)
    day = bindparam("day", type_=RoleTerm.starts_on.type)
    another = exists().where(
        post.organisation_id == branch,
        post.role.in_(sorted(roles)),
        post.in_force(day),
        holder.id == post.member_id,
        holder.branch_id == branch,
        holder.is_here(day),
        *(or_(one.is_(None), post.member_id != one) for one in people),
    )
    return ~another.correlate_except(post, holder)  # what it is asked of may stand around it at any depth
