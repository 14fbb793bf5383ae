"""The places that are chosen on the pages about people."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.features.members.errors import AmbiguousBranchError, UnknownBranchError
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow, Rows
from app.features.members.rules import OrganisationKind

ESCAPE: Final = "/"
"""What takes their meaning from the signs of a LIKE pattern."""
_ORGANS: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind.in_([OrganisationKind.COMMITTEE, OrganisationKind.GENERAL_BRANCH]))
    .order_by(Organisation.parent_id.is_not(None), Organisation.pinyin, Organisation.id)
)
_COMMUNITIES: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.COMMUNITY)
    .order_by(Organisation.pinyin, Organisation.id)
)
_BRANCHES_LIKE: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.BRANCH, Organisation.name.like(bindparam("pattern"), escape=ESCAPE))
    .order_by(Organisation.name != bindparam("name"), Organisation.pinyin, Organisation.id)
    .limit(6)
)


def organs(session: Session) -> Rows:
    """Committees and general branches, the root first: rows ``id, name``."""
    return session.execute(_ORGANS).all()


def communities(session: Session) -> Rows:
    """Every community, by name: rows ``id, name``."""
    return session.execute(_COMMUNITIES).all()


def contains(typed: str) -> str:
    """The LIKE pattern, for ``escape=ESCAPE``, of names that contain what was ``typed``."""
    return f"%{typed.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"


def branch_named(session: Session, name: str) -> AnyRow:
    """The one branch of this name, or with this in its name if that is only one: a row ``id, name``.

    Raises:
        UnknownBranchError: no branch.
        AmbiguousBranchError: several; the sentence names some.
    """
    found: Sequence[AnyRow] = session.execute(_BRANCHES_LIKE, {"pattern": contains(name), "name": name}).all()
    if not found:
        raise UnknownBranchError(name=name)
    exactly = [row for row in found if row.name == name]
    if len(found) > 1 and len(exactly) != 1:
        raise AmbiguousBranchError(names="、".join(row.name for row in found[:5]))
    return exactly[0] if exactly else found[0]
