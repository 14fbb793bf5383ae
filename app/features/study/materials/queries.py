"""Materials as their pages show them: those of the reader's branch, and of the committees above it."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core.rows import IDS, one, one_row
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.study.bank.keepers import kept_by
from app.features.study.materials.models import Material, MaterialFile

LISTED: Final = 100
_LIST: Final = (
    select(
        Material.id,
        Material.owner_id,
        Organisation.name.label("owner"),
        Material.title,
        Material.kind,
        Material.entered_at,
    )
    .join(Organisation, Organisation.id == Material.owner_id)
    .where(Material.owner_id.in_(IDS), or_(bindparam("q") == "", func.lower(Material.title).contains(bindparam("q"))))
    .order_by(Material.id.desc())
    .limit(LISTED)
)
_NUMBER: Final = select(func.count()).where(
    Material.id.in_(bindparam("materials", type_=Uuid(), expanding=True)), Material.owner_id.in_(IDS)
)
ONE: Final = select(Material).where(Material.id == bindparam("material"), Material.owner_id.in_(IDS))
_FILE: Final = (
    select(Material.file_name, MaterialFile.content)
    .join(MaterialFile, MaterialFile.id == Material.id)
    .where(
        Material.id == bindparam("material"), Material.owner_id.in_(IDS), Material.file_name == bindparam("file_name")
    )
)


def reach(session: Session, actor: Actor) -> set[UUID]:
    """Whose materials the actor reads: of the own branch, the committees above it, and those that the actor leads."""
    return {actor.branch_id, *powers.ladder(session, actor.branch_id), *actor.leads}


def usable(session: Session, owner_id: UUID) -> set[UUID]:
    """Whose materials a plan of ``owner_id`` can name: all who follow the plan may read them."""
    return {owner_id, *powers.ladder(session, owner_id)}


def listed(session: Session, owner_ids: Collection[UUID], typed: str = "") -> Sequence[AnyRow]:
    """The materials of these that have ``typed`` in their title, the newest first."""
    return session.execute(_LIST, {"ids": sorted(owner_ids), "q": typed.lower()}).all()


def are_usable(session: Session, owner_id: UUID, material_ids: Collection[UUID]) -> bool:
    """Whether a plan of ``owner_id`` can name all of these."""
    asked = {"materials": sorted(material_ids), "ids": sorted(usable(session, owner_id))}
    return not material_ids or session.scalar(_NUMBER, asked) == len(set(material_ids))


def material(session: Session, actor: Actor, material_id: UUID) -> Material:
    """One that the actor may read.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, ONE, {"material": material_id, "ids": sorted(reach(session, actor))})


def kept(session: Session, actor: Actor, material_id: UUID) -> Material:
    """One that the actor keeps.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, ONE, {"material": material_id, "ids": sorted(kept_by(actor))})


def content(session: Session, actor: Actor, material_id: UUID, file_name: str) -> bytes:
    """The content of a file that the actor may read.

    Raises:
        NotFoundError: there is none of that name.
    """
    asked = {"material": material_id, "file_name": file_name, "ids": sorted(reach(session, actor))}
    found: bytes = one_row(session, _FILE, asked).content
    return found
