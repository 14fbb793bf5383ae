"""Branches look after communities together, and one of them leads. Pure."""

from collections.abc import Collection
from uuid import UUID

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word


class AlreadyPairedError(ConflictError):
    field = "branch"
    message = _("This branch is paired with the community already.")


class LeaderMissingError(BadInputError):
    """Several branches, and none of them would lead."""

    message = _("This branch leads. Let another one lead first; then its pairing can end.")


class PairingChangeKind(Word):
    """What is noted about a pairing, as the history of the community says it."""

    PAIRED = "paired", _("paired")
    LEADS = "leads", _("leads from now on")
    ENDED = "ended", _("no longer paired")


def check_end(branch_id: UUID, *, leader_id: UUID | None, paired: Collection[UUID]) -> None:
    """Let a pairing end, unless others would stay without a leader.

    Raises:
        LeaderMissingError: the branch leads, and other branches are paired with the community.
    """
    if branch_id == leader_id and set(paired) != {branch_id}:
        raise LeaderMissingError
