"""What the duty list refuses, and the sentence that says what to do next."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from app.core.i18n import lazy_gettext as _


class DueTooEarlyError(ConflictError):
    message = _("This day has passed. Please choose a due day from today on.")
    field = "due_on"


class DueTooLateError(ConflictError):
    message = _("This day is more than %(years)s years away. Please check the year.")
    field = "due_on"


class WrongDayError(ConflictError):
    """Done on a day that has not come, or long before anybody could have known of the duty."""

    message = _("It can only have been done on a day from %(first)s to today.")
    field = "ended_on"


class DutyEndedError(ConflictError):
    message = _("This duty has ended: %(state)s. Its history stays.")


class AlreadyReportedError(ConflictError):
    message = _("The end of this duty has been reported already and waits for an officer.")


class EndedOnceError(ConflictError):
    message = _("“%(matter)s” has ended already: another report of it stands approved. Return this one.")


class NotDueYetError(ConflictError):
    message = _("It is due on %(day)s; until then it can still be done.")


class ReasonMissingError(ConflictError):
    message = _("Please name the objective reason in a few words: the committee confirms it.")
    field = "sentence"


class OwnDutyError(ForbiddenError):
    """Nobody moves the due day of a duty of their own that somebody gave them, strikes it, or hands it over."""

    message = _("This is your own duty. Another officer of the branch changes it.")


class OwnLateDutyError(ConflictError):
    message = _("This is your own duty. After its due day another officer of the branch hands it over.")


class HandedOverLateError(ForbiddenError):
    message = _("You handed this duty over when its day had passed. Another officer decides on how it ended.")


class NotHolderError(NotFoundError):
    message = _("%(name)s is responsible for this duty. Only %(name)s or an officer of the branch reports on it.")


class UnknownDutyError(NotFoundError):
    message = _("This duty is not on your list any more. There is nothing left to do.")


class ProgressStaysError(ConflictError):
    message = _("What was said stays in the history of the duty. Say how it goes now; the newest word counts.")


class NotInBranchError(ConflictError):
    message = _("Please choose members of this branch.")
    field = "member_ids"


class NobodyChosenError(BadInputError):
    message = _("Please choose at least one.")
    field = "wholes"


class SameHolderError(ConflictError):
    message = _("%(name)s is responsible for it on this day already. Please choose somebody else.")
    field = "to_id"


class WrongSpanError(ConflictError):
    message = _("A hand-over begins today or later, and ends on the same day or after it.")
    field = "starts_on"
