"""The branches and groups that an import names, found or made."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.members import audit
from app.features.members.models import Organisation
from app.features.members.names import place_key
from app.features.members.rules import AuditAction, OrganisationKind
from app.features.roster.importer import Importer
from app.features.roster.rules import NoOrganError

_IN_REACH: Final = or_(
    bindparam("everywhere", type_=Boolean()),
    Organisation.id == bindparam("branch", type_=Uuid()),
    Organisation.parent_id == bindparam("branch", type_=Uuid()),
)
_LOCK: Final = (
    select(Organisation.id)
    .where(Organisation.kind != OrganisationKind.GROUP, _IN_REACH)
    .order_by(Organisation.id)
    .with_for_update(key_share=True)
)
_ROOT: Final = select(Organisation).where(Organisation.parent_id.is_(None))
_PLACES: Final = select(Organisation.id, Organisation.parent_id, Organisation.kind, Organisation.name).where(
    Organisation.kind.in_((OrganisationKind.BRANCH, OrganisationKind.GROUP)), _IN_REACH
)


def hold(session: Session, importer: Importer) -> None:
    """Hold the branches within reach until the unit of work ends, so that two imports do not plan side by side."""
    session.execute(_LOCK, _reach(importer))


def make_root(session: Session, name: str) -> None:
    """Make the committee at the root, where the installation has no organisation yet."""
    if session.scalars(_ROOT).one_or_none() is None:
        root = Organisation(id=new_id(), kind=OrganisationKind.COMMITTEE, name=name, pinyin=place_key(name))
        session.add(root)
        session.flush()
        audit.record(session, None, AuditAction.ORGANISATION_ADDED, root, audit.changed({}, {"kind": root.kind}))


class Places:
    """The branches within reach and their groups, by name."""

    def __init__(self, session: Session, importer: Importer) -> None:
        self._session = session
        self._importer = importer
        self._root = session.scalars(_ROOT).one_or_none()
        rows = session.execute(_PLACES, _reach(importer)).all()
        self.branches: dict[str, UUID] = {row.name: row.id for row in rows if row.kind is OrganisationKind.BRANCH}
        self._groups = {(row.parent_id, row.name): row.id for row in rows if row.kind is OrganisationKind.GROUP}

    def make_branches(self, names: Iterable[str]) -> None:
        """Make the branches ``names`` below the root.

        Raises:
            NoOrganError: the installation has no root.
        """
        for name in names:
            if self._root is None:
                raise NoOrganError
            self.branches[name] = self._make(OrganisationKind.BRANCH, name, self._root.id, self._root.name)

    def make_groups(self, named: Iterable[tuple[str, str]]) -> None:
        """Make those of the groups ``named`` with their branch that are missing."""
        for branch, name in named:
            place = (self.branches[branch], name)
            if name and place not in self._groups:
                self._groups[place] = self._make(OrganisationKind.GROUP, name, place[0], branch)

    def group(self, branch: str, name: str) -> UUID | None:
        """The group ``name`` of a branch; ``None`` for no name."""
        return self._groups[self.branches[branch], name] if name else None

    def _make(self, kind: OrganisationKind, name: str, parent_id: UUID, parent: str) -> UUID:
        made = Organisation(
            id=new_id(),
            parent_id=parent_id,
            kind=kind,
            name=name,
            pinyin=place_key(name),
            is_demo=self._root is not None and self._root.is_demo,
        )
        self._session.add(made)
        words = audit.changed({}, {"kind": kind, "parent": parent})
        audit.record(self._session, self._importer.member_id, AuditAction.ORGANISATION_ADDED, made, words)
        return made.id


def _reach(importer: Importer) -> dict[str, object]:
    return {"everywhere": importer.reaches_all, "branch": importer.branch_id}
