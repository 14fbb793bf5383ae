"""The places that are chosen on the pages about people."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import bindparam, case, or_, select
from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.features.members.errors import AmbiguousBranchError, UnknownBranchError
from app.features.members.models import Organisation
from app.features.members.names import ESCAPE, contains, in_order, is_meant, plain
from app.features.members.queries import AnyRow, Rows
from app.features.members.rules import HOMES, OrganisationKind

ABOVE_BRANCHES: Final = (OrganisationKind.COMMITTEE, OrganisationKind.GENERAL_BRANCH, OrganisationKind.COMMUNITY)
"""Where posts are held that no branch gives."""
HOMES_LISTED: Final = 50
"""Places in one list to choose from; an organ has up to 5,000, and whoever looks for one types a part of its name."""
_PLACES: Final = (
    select(Organisation.id, Organisation.name, Organisation.pinyin)
    .where(Organisation.kind.in_(bindparam("kinds", type_=Organisation.kind.type, expanding=True)))
    .order_by(
        case((Organisation.parent_id.is_(None), 0), (Organisation.kind == OrganisationKind.COMMUNITY, 2), else_=1),
        Organisation.pinyin,
        Organisation.id,
    )
)
_FIRST_PLACES: Final = _PLACES.limit(HOMES_LISTED + 1)
LIKE: Final = or_(
    Organisation.name.like(bindparam("pattern"), escape=ESCAPE),
    Organisation.pinyin.like(bindparam("letters"), escape=ESCAPE),
)
"""All places that could be meant by what is bound with ``wanted``; ``is_meant`` decides."""
_PLACES_LIKE: Final = _PLACES.where(LIKE)
_BRANCHES_LIKE: Final = (
    select(Organisation.id, Organisation.name)
    .where(Organisation.kind == OrganisationKind.BRANCH, Organisation.name.like(bindparam("pattern"), escape=ESCAPE))
    .order_by(Organisation.name != bindparam("name"), Organisation.pinyin, Organisation.id)
    .limit(6)
)


def homes_meant(session: Session, typed: str) -> Rows:
    """The branches and, after them, the communities that ``typed`` means."""
    return meant(session, typed, HOMES)


def meant(session: Session, typed: str, kinds: Iterable[OrganisationKind]) -> Rows:
    """The places of these kinds that ``typed`` means: a part of the name, its pinyin or initials; communities last.

    Up to ``HOMES_LISTED`` rows ``id, name, pinyin``, and one more where there are more; of nothing typed, the first.
    """
    asked: dict[str, object] = {"kinds": sorted(kinds)}
    if not plain(typed):
        return session.execute(_FIRST_PLACES, asked).all()
    rows = session.execute(_PLACES_LIKE, asked | wanted(typed))
    found = (row for row in rows if is_meant(typed, name=row.name, pinyin=row.pinyin))
    return list(islice(found, HOMES_LISTED + 1))


def wanted(typed: str) -> dict[str, str]:
    """What is bound in ``LIKE``: the letters in this order are all that could be meant."""
    return {"pattern": contains(typed), "letters": in_order(typed)}


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
        raise AmbiguousBranchError(names=_(", ").join(row.name for row in found[:5]))
    return exactly[0] if exactly else found[0]
