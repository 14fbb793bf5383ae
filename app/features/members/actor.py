"""The person who is asking, as a plain frozen value: never an ORM object, so a permission cannot change under it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.features.members.rules import Permission, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is signed in, and what that person may do in the own branch."""

    member_id: UUID
    name: str
    branch_id: UUID
    branch_name: str
    group_id: UUID | None
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    session_id: UUID
    confirmed_at: datetime | None
    """When the password was last asked for in this session; sensitive acts want it recent."""
    is_demo: bool
    leads: frozenset[UUID] = field(default=frozenset())
    """The organisations above branches on which the person is committee officer."""

    def may(self, permission: Permission | str) -> bool:
        """Whether this person has ``permission``; templates pass its value as text."""
        return permission in self.permissions
