"""Which branches a committee's quiz can ask: those below it, all of them or chosen ones."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.rows import IDS
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind
from app.features.organisations.queries import descendants

MOST_LISTED: Final = 200
"""Branches that are chosen one by one; of a larger organ whole parts of it are."""
_BELOW: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(Organisation.id.in_(IDS))
)
_UNITS: Final = (
    select(Organisation.id, Organisation.name, Organisation.kind, Organisation.parent_id)
    .where(Organisation.id.in_(select(_BELOW.c.id)))
    .order_by(Organisation.pinyin, Organisation.id)
)


def choosable(session: Session, organisation_id: UUID) -> Sequence[AnyRow]:
    """What of a committee can be chosen, in order of name: its branches or, where they are many, its parts."""
    units = session.execute(_UNITS, {"ids": [organisation_id]}).all()
    branches = [unit for unit in units if unit.kind is OrganisationKind.BRANCH]
    few = len(branches) <= MOST_LISTED
    return branches if few else [unit for unit in units if unit.parent_id == organisation_id]


def branches(session: Session, organisation_id: UUID, chosen: Collection[UUID]) -> list[UUID]:
    """The branches meant by ``chosen`` parts of an organisation, or all of it; of a branch, itself.

    Raises:
        NotFoundError: something chosen is not below it, or there is no branch.
    """
    below = {unit.id for unit in session.execute(_UNITS, {"ids": [organisation_id]})}
    meant = session.execute(_UNITS, {"ids": sorted(chosen) or [organisation_id]}).all()
    found = [unit.id for unit in meant if unit.kind is OrganisationKind.BRANCH]
    if not below.issuperset(chosen) or not found:
        raise NotFoundError
    return found
