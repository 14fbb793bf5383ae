"""Which posts go together: pure rules about terms. A term includes its last day; no last day means still open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.features.members.errors import (
    EndsBeforeStartError,
    PostHeldError,
    SecretaryHeldError,
    SeparateAdministratorsError,
)
from app.features.members.rules import ADMINISTRATORS, Role

FOR_EVER: Final = date.max


@dataclass(frozen=True, slots=True)
class Term:
    """Who holds which post where, from a first to a last day."""

    member_id: UUID
    name: str
    place_id: UUID
    role: Role
    starts_on: date
    ends_on: date | None = None


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Let a term pass whose last day does not lie before its first."""
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeStartError


def overlap(one_start: date, one_end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two times share a day."""
    return one_start <= (other_end or FOR_EVER) and other_start <= (one_end or FOR_EVER)


def check_post(wanted: Term, held: Iterable[Term]) -> None:
    """Let a post pass that goes together with the terms ``held`` by the same member and at the same place.

    Raises:
        PostHeldError: the member holds this very post in that time.
        SeparateAdministratorsError: the member is another of the three administrators in that time.
        SecretaryHeldError: the branch has another secretary in that time.
    """
    for term in held:
        if not overlap(wanted.starts_on, wanted.ends_on, term.starts_on, term.ends_on):
            continue
        if term.member_id == wanted.member_id:
            if (term.role, term.place_id) == (wanted.role, wanted.place_id):
                raise PostHeldError(name=term.name)
            if {term.role, wanted.role} <= ADMINISTRATORS and term.role is not wanted.role:
                raise SeparateAdministratorsError(name=term.name, role=term.role.label)
        elif term.place_id == wanted.place_id and term.role is wanted.role is Role.SECRETARY:
            raise SecretaryHeldError(name=term.name)
