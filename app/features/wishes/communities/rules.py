"""Branches look after communities together, and one of them leads. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.wishes.communities.errors import LeaderMissingError


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
