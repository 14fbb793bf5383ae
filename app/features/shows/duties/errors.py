"""What the duty list refuses, and the sentence that says what to do next."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from app.core.i18n import lazy_gettext as _


class DueTooEarlyError(ConflictError):
    code = "due_too_early"
    message = _("This day has passed. Please choose a due day from today on.")
    field = "due_on"


class DueTooLateError(ConflictError):
    code = "due_too_late"
    message = _("This day is more than %(years)s years away. Please check the year.")
    field = "due_on"


class WrongDayError(ConflictError):
    """Done on a day that has not come, or long before anybody could have known of the duty."""

    code = "wrong_day"
    message = _("It can only have been done on a day from %(first)s to today.")
    field = "ended_on"


class DutyEndedError(ConflictError):
    code = "duty_ended"
    message = _("This duty has ended: %(state)s. Its history stays.")


class AlreadyReportedError(ConflictError):
    code = "already_reported"
    message = _("The end of this duty has been reported already and waits for an officer.")


class EndedOnceError(ConflictError):
    code = "ended_once"
    message = _("“%(matter)s” has ended already: another report of it stands approved. Return this one.")


class NotDueYetError(ConflictError):
    code = "not_due_yet"
    message = _("It is due on %(day)s; until then it can still be done.")


class ReasonMissingError(ConflictError):
    code = "reason_missing"
    message = _("Please name the objective reason in a few words: the committee confirms it.")
    field = "sentence"


class OwnDutyError(ForbiddenError):
    """Nobody moves the due day of a duty of their own that somebody gave them, strikes it, or hands it over."""

    code = "own_duty"
    message = _("This is your own duty. Another officer of the branch changes it.")


class OwnLateDutyError(ConflictError):
    code = "own_late_duty"
    message = _("This is your own duty. After its due day another officer of the branch hands it over.")


class HandedOverLateError(ForbiddenError):
    code = "handed_over_late"
    message = _("You handed this duty over when its day had passed. Another officer decides on how it ended.")


class NotHolderError(NotFoundError):
    code = "not_holder"
    message = _("%(name)s is responsible for this duty. Only %(name)s or an officer of the branch reports on it.")


class UnknownDutyError(NotFoundError):
    code = "unknown_duty"
    message = _("This duty is not on your list any more. There is nothing left to do.")


class ProgressStaysError(ConflictError):
    code = "progress_stays"
    message = _("What was said stays in the history of the duty. Say how it goes now; the newest word counts.")


class NotInBranchError(ConflictError):
    code = "not_in_branch"
    message = _("Please choose members of this branch.")
    field = "member_ids"


class NobodyChosenError(BadInputError):
    code = "nobody_chosen"
    message = _("Please choose at least one.")
    field = "wholes"


class SameHolderError(ConflictError):
    code = "same_holder"
    message = _("%(name)s is responsible for it on this day already. Please choose somebody else.")
    field = "to_id"


class WrongSpanError(ConflictError):
    code = "wrong_span"
    message = _("A hand-over begins today or later, and ends on the same day or after it.")
    field = "starts_on"
