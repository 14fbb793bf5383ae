"""Materials as those who plan put them there, correct them and take them away."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.rows import locked, one
from app.features.members.actor import Actor
from app.features.study.bank.keepers import kept_by
from app.features.study.materials import queries
from app.features.study.materials.models import Material, MaterialFile
from app.features.study.materials.rules import MaterialKind, NewMaterial

_HELD: Final = locked(queries.ONE)


def add(session: Session, actor: Actor, *, material_id: UUID, owner_id: UUID, new: NewMaterial) -> UUID:
    """Put a material there; the same form twice is once.

    Raises:
        NotFoundError: the actor does not plan for that branch or committee.
        NotOneFormError, BadLinkError, BadFileError, LargeFileError: see ``rules``.
    """
    if owner_id not in kept_by(actor):
        raise NotFoundError
    if there := session.get(Material, material_id):
        return queries.kept(session, actor, there.id).id
    kind = new.kind
    if new.file:
        _ = new.file.media_type  # refuses what is not taken
    session.add(
        Material(
            id=material_id,
            owner_id=owner_id,
            title=new.title,
            kind=kind,
            body=new.body,
            address=new.address,
            file_name=new.file and new.file.name,
            size=new.file and len(new.file.content),
            licence=new.licence,
            entered_by_id=actor.member_id,
        )
    )
    session.flush()
    if new.file:
        session.add(MaterialFile(id=material_id, content=new.file.content))
        session.flush()
    return material_id


def change(session: Session, actor: Actor, *, material_id: UUID, new: NewMaterial) -> None:
    """Correct it. It stays what it is: a text, a link or this file.

    Raises:
        NotFoundError: the actor keeps no such material.
        NotOneFormError, BadLinkError: see ``rules``.
    """
    there = _held(session, actor, material_id)
    there.title, there.licence = new.title, new.licence
    if there.kind is not MaterialKind.FILE:
        if new.kind is not there.kind:
            raise NotFoundError
        there.body, there.address = new.body, new.address
    session.flush()


def remove(session: Session, actor: Actor, *, material_id: UUID) -> None:
    """Take it away with its content. Plans that named it go on without it.

    Raises:
        NotFoundError: the actor keeps no such material.
    """
    session.delete(_held(session, actor, material_id))
    session.flush()


def _held(session: Session, actor: Actor, material_id: UUID) -> Material:
    return one(session, _HELD, {"material": material_id, "ids": sorted(kept_by(actor))})
