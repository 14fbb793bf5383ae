"""The places that are chosen on the pages about people."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.features.members.errors import AmbiguousBranchError, UnknownBranchError
from app.features.members.models import Organisation
from app.features.members.names import is_meant
from app.features.members.queries import AnyRow, Rows
from app.features.members.rules import HOMES, OrganisationKind

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
HOMES_LISTED: Final = 50
"""Places in one list to choose from; an organ has up to 5,000, and whoever looks for one types a part of its name."""
_TYPED_AT_MOST: Final = 40
_HOMES: Final = (
    select(Organisation.id, Organisation.name, Organisation.pinyin)
    .where(Organisation.kind.in_(HOMES))
    .order_by(Organisation.kind == OrganisationKind.COMMUNITY, Organisation.pinyin, Organisation.id)
)
_FIRST_HOMES: Final = _HOMES.limit(HOMES_LISTED + 1)
_HOMES_LIKE: Final = _HOMES.where(
    or_(
        Organisation.name.like(bindparam("pattern"), escape=ESCAPE),
        Organisation.pinyin.like(bindparam("letters"), escape=ESCAPE),
    )
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


def homes_meant(session: Session, typed: str) -> Rows:
    """The branches and, after them, the communities that ``typed`` means: a part of the name, its pinyin or initials.

    Up to ``HOMES_LISTED`` rows ``id, name, pinyin``, and one more where there are more; of nothing typed, the first.
    """
    wanted = typed.replace(" ", "").casefold()[:_TYPED_AT_MOST]
    if not wanted:
        return session.execute(_FIRST_HOMES).all()
    letters = "%".join(_plain(letter) for letter in wanted)  # in this order: all that could be meant
    rows = session.execute(_HOMES_LIKE, {"pattern": contains(typed), "letters": f"%{letters}%"})
    meant = (row for row in rows if typed in row.name or is_meant(wanted, name=row.name, pinyin=row.pinyin))
    return list(islice(meant, HOMES_LISTED + 1))


def contains(typed: str) -> str:
    """The LIKE pattern, for ``escape=ESCAPE``, of names that contain what was ``typed``."""
    return f"%{_plain(typed)}%"


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


def _plain(typed: str) -> str:
    return typed.replace("/", "//").replace("%", "/%").replace("_", "/_")
