"""Branches look after communities together, and one of them leads. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _


class AlreadyPairedError(ConflictError):
    """The branch looks after the community already."""

    code = "already_paired"
    field = "branch"
    message = _("This branch is paired with the community already.")


class LeaderMissingError(BadInputError):
    """Several branches, and none of them would lead."""

    code = "leader_missing"
    message = _("This branch leads. Let another one lead first; then its pairing can end.")


class PairingChangeKind(StrEnum):
    """What is noted about a pairing."""

    PAIRED = "paired"
    LEADS = "leads"
    ENDED = "ended"


CHANGE_LABELS: Final[Mapping[PairingChangeKind, LazyText]] = {
    PairingChangeKind.PAIRED: _("paired"),
    PairingChangeKind.LEADS: _("leads from now on"),
    PairingChangeKind.ENDED: _("no longer paired"),
}


def check_end(branch_id: UUID, *, leader_id: UUID | None, paired: Collection[UUID]) -> None:
    """Let a pairing end, unless others would stay without a leader.

    Raises:
        LeaderMissingError: the branch leads, and other branches are paired with the community.
    """
    if branch_id == leader_id and set(paired) != {branch_id}:
        raise LeaderMissingError
