"""What a member may say under the own sheet, and what holds its archive. Source: domain, quantified §3, §5, §10."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.members.rules import Role

SIGNING_DAYS: Final = 5
"""Working days after which an officer may note that somebody has not signed."""
WORDS_LENGTH: Final = 200
REASON_LENGTH: Final = 300
DOCUMENT_LENGTH: Final = 60
STEPS: Final = frozenset({Role.SECRETARY, Role.DEPUTY})
"""Who asks for signatures and proposes the archive."""


class SignatureWords(Word):
    """What stands where the member signs."""

    AGREED = "agreed", _("noted, no objection"), "ok"
    RESERVED = "reserved", _("noted, with a reservation"), "ok"
    PAPER = "paper", _("signed on paper"), "ok"
    UNSIGNED = "unsigned", _("not signed")


CHOICES: Final = (SignatureWords.AGREED, SignatureWords.RESERVED)
"""What a member chooses from."""


class Why(Word):
    """Why somebody has not signed. It costs nothing."""

    AWAY = "away", _("away")
    ILL = "ill", _("ill")
    UNWILLING = "unwilling", _("does not want to")
    OTHER = "other", _("another reason")


class State(Word):
    """How far the sheet of one person is."""

    NOT_ASKED = "not_asked", _("not asked to sign yet")
    OBJECTION = "objection", _("an objection is not settled yet"), "need"
    WAITING = "waiting", _("waits for the signature"), "need"
    ON_PAPER = "on_paper", _("signed on paper, another officer confirms it"), "need"
    CHANGED = "changed", _("changed since it was signed: to be signed again"), "need"
    READY = "ready", _("can be archived"), "ok"
    PROPOSED = "proposed", _("another officer confirms the archive"), "need"
    ARCHIVED = "archived", _("archived"), "ok"


class NotSettledError(ConflictError):
    message = _("The sheets are signed once the publicity of the year is over and the days for objections have passed.")


class ObjectionPendingError(ConflictError):
    message = _("An objection is not settled yet. It holds this one sheet; the others go on.")


class ArchivedError(ConflictError):
    code = "sheet_archived"
    message = _("This sheet is archived. Only the committee can open it again.")


class OtherThanSeenError(ConflictError):
    message = _("Your sheet has changed since you opened this page. Please read it again before you sign.")


class NoReservationError(BadInputError):
    message = _("Please say in a few words what you have a reservation about.")
    field = "words"


class SigningRunsError(ConflictError):
    message = _("There are days left to sign, until %(day)s. After that you can note why somebody has not signed.")


class SaidByNowError(ConflictError):
    code = "signed_by_now"
    message = _("By now this is: %(state)s. Look again.")


class AboutOneselfError(ForbiddenError):
    message = _("This is about you: somebody else does it.")


class TooLateToArchiveError(ConflictError):
    message = _("The last day to archive the sheets of %(year)s was %(day)s.")


class ProposedByNowError(ConflictError):
    code = "archive_proposed"
    message = _("Somebody has proposed to archive these sheets by now. Look again.")


class NothingToArchiveError(ConflictError):
    message = _("No sheet can be archived yet: each waits for a signature, an objection or another officer.")


class NoArchivedSheetError(BadInputError):
    message = _("There is no archived sheet of %(year)s of anybody with this name or number below you.")
    field = "who"


class SeveralMeantError(BadInputError):
    message = _("Several people are called so. Please type the member number or the phone.")
    field = "who"


def may_propose(
    roles: Collection[Role], me: UUID, subject: UUID, deciders: Collection[UUID], leaders: Collection[UUID]
) -> bool:
    """Whether somebody with these ``roles`` says first that the sheet of ``subject`` is archived.

    The secretary or the deputy; where neither is another person than the subject, any other officer who decides;
    where there is none, the member whom the members' meeting has named. Source: domain, quantified §10, README §1.
    """
    if me == subject:
        return False
    if not STEPS.isdisjoint(roles):
        return True
    if set(leaders) - {subject}:
        return False
    return me in deciders or (Role.SUPERVISOR in roles and not set(deciders) - {subject})


def may_archive(year: int, version: int, today: date, last: date) -> bool:
    """Whether a year's sheet may be archived on a day: from the new year to 31 March, a re-opened one at any time."""
    return today.year > year and (version > 1 or today <= last)
