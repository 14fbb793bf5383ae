"""Who plans quizzes and keeps banks of questions. Pure. Source: domain, study §8."""

from typing import Final
from uuid import UUID

from app.features.members.actor import Actor
from app.features.members.rules import Role

PLANNING: Final = frozenset({Role.SECRETARY, Role.DEPUTY, Role.PUBLICITY})
"""Who does so for a branch."""
KEEPING: Final = PLANNING | {Role.COMMITTEE_OFFICER}
"""The same with who does so for a committee: whom the keys of a bank are open to."""


def kept_by(actor: Actor) -> list[UUID]:
    """The organisations whose bank and quizzes the actor keeps: the own branch by post, the committees by leading."""
    own = [actor.branch_id] if actor.roles & PLANNING else []
    return [*own, *sorted(actor.leads)]
