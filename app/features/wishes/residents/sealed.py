"""What a resident said, on its way into a sealed text and out of it."""

from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from app.core.sealing import Sealed, keyed_digest, sealer
from app.features.wishes.residents.rules import SaidByResident

_TOLD: Final = TypeAdapter(SaidByResident)


def seal(told: SaidByResident, *, submission_id: UUID) -> Sealed:
    """``told`` sealed for this submission."""
    return sealer().seal(_TOLD.dump_json(told).decode(), belongs_to=submission_id)


def read(sealed: str, *, submission_id: UUID) -> SaidByResident:
    """What was sealed for this submission."""
    return _TOLD.validate_json(sealer().open(sealed, belongs_to=submission_id))


def network_digest(network: str, *, community_id: UUID) -> str:
    """A network's name that says nothing without the key: there are few enough addresses to try them all."""
    return keyed_digest(f"{community_id}:{network}")
