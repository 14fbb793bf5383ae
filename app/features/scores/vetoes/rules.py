"""Who enters a veto and who confirms it, and the words of the statute. Source: domain, quantified §2, §10.

Nothing here looks at facts: no veto is ever computed or proposed.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _
from app.features.members.rules import BRANCH_POSTS, Role

COMMITTEE: Final = frozenset(BRANCH_POSTS)
"""Who reads of the branch's vetoes, and confirms them."""
STATUTE: Final = _(
    "“Whoever, without valid reason, takes no part in organisation life for six consecutive months, or pays no dues, "
    "or does not do the work that the Party assigned, counts as having left the Party.” (Constitution of the "
    "Communist Party of China, article 9; its consequence is removal by the members' meeting)"
)
"""What the kind “six months” rests on, quoted wherever the kind is chosen or shown."""


class NotTheirsToEnterError(ForbiddenError):
    message = _(
        "The discipline commissioner enters it; the secretary does where it is about the commissioner or nobody holds "
        "the post."
    )


class DatedOtherwiseError(BadInputError):
    message = _("The document is dated in that year or the one after it, and not in the future.")
    field = "dated"


class ArchivedError(ConflictError):
    code = "sheet_archived"
    message = _("The sheet of %(year)s is archived. The committee above can re-open it with a reason.")
    field = "year"


class VetoedAlreadyError(ConflictError):
    message = _("Of this kind one waits already for this person and year. Look at the list first.")
    field = "kind"


class LiftedAlreadyError(ConflictError):
    message = _("Somebody has said by now that this is lifted. Look at the list first.")


def enters(roles: Collection[Role], *, others_hold_it: bool) -> bool:
    """Who enters vetoes. ``others_hold_it``: there is a discipline commissioner whom it is not about."""
    return Role.DISCIPLINE in roles or (Role.SECRETARY in roles and not others_hold_it)


def check_dated(dated: date, *, year: int, today: date) -> None:
    """Let a document pass that can be about ``year``."""
    if dated > today or dated.year not in {year, year + 1}:
        raise DatedOtherwiseError
