"""Who imports, and how far that person's word reaches."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.errors import ForbiddenError
from app.features.members.actor import Actor
from app.features.members.rules import Permission


@dataclass(frozen=True, slots=True)
class Importer:
    """A person or a command on the server, and the branches they look after."""

    member_id: UUID | None = None
    """``None`` for a command on the server."""
    branch_id: UUID | None = None
    """The only branch within reach; ``None`` where all branches are, and new ones may be made."""
    home_id: UUID | None = None
    """The branch to which who imports belongs; ``None`` for a command on the server."""

    @property
    def reaches_all(self) -> bool:
        """Whether all branches are within reach."""
        return self.branch_id is None


SERVER: Final = Importer()
"""A command on the server: whoever may run it may do everything."""


def importer(actor: Actor) -> Importer:
    """How far ``actor`` reaches: the own branch for its officers, everything for who looks after all people.

    Raises:
        ForbiddenError: the actor keeps nobody's data.
    """
    if actor.may(Permission.MANAGE_ALL_PEOPLE):
        return Importer(actor.member_id, home_id=actor.branch_id)
    if actor.may(Permission.MANAGE_BRANCH_PEOPLE):
        return Importer(actor.member_id, actor.branch_id, actor.branch_id)
    raise ForbiddenError
