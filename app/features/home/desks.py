"""Where the work of a post above the branches begins: nobody's page of today is that of a plain member."""

from typing import Final, NamedTuple

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.members.actor import Actor
from app.features.members.rules import Permission


class Desk(NamedTuple):
    """The page on which somebody with a permission begins."""

    needs: Permission
    label: LazyText
    words: LazyText
    address: str
    act: LazyText


DESKS: Final = (
    Desk(
        Permission.MANAGE_ALL_PEOPLE,
        _("People of all branches"),
        _("Accounts, posts, slips and the roster"),
        "/organisations",
        _("Look for a branch or somebody"),
    ),
    Desk(
        Permission.ADMINISTER_SYSTEM,
        _("This installation"),
        _("Backups, the nightly run and what has to be looked at"),
        "/system",
        _("Look how it stands"),
    ),
    Desk(
        Permission.AUDIT,
        _("Audit log"),
        _("Who did what, and whether log and ledger are whole"),
        "/audit",
        _("Open the log"),
    ),
    Desk(
        Permission.SEE_AGGREGATES,
        _("All branches"),
        _("What waits in each of them, by name"),
        "/organisations/board",
        _("Look at the branches"),
    ),
)
"""Who may the first of these begins there."""


def desk_of(actor: Actor) -> Desk | None:
    """The desk of the actor; ``None`` for whose work is in a branch."""
    return next((desk for desk in DESKS if actor.may(desk.needs)), None)
