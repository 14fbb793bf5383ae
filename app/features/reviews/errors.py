"""What a review refuses, and the sentence that says what to do next."""

from app.core.errors import ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _


class OwnRecordError(ForbiddenError):
    message = _("This is your own record, or one that you entered. Another officer decides on it.")


class BoundToThemError(ForbiddenError):
    message = _(
        "Your account was made, or your slip printed, by the person whose record this is, less than %(days)s days "
        "ago. Another officer decides on it, or the committee above."
    )


class LaterThanRecordError(ForbiddenError):
    """A record of an officer, older than the decider's post."""

    message = _(
        "This is the record of an officer, and it arrived before your post began. Another officer decides on it, "
        "or the committee above."
    )


class AlreadyDecidedError(ConflictError):
    message = _("%(name)s has just decided on this one: %(outcome)s. There is nothing left to do.")


class WithdrawnError(ConflictError):
    message = _("The member has withdrawn this record. There is nothing left to decide.")


class FlaggedError(ConflictError):
    message = _("This one is marked. Open it, look at the reason, and approve it by itself.")


class TooManyAtOnceError(ConflictError):
    message = _("Please decide on at most %(most)s records at once.")


class NotYourDecisionError(ConflictError):
    message = _("Another officer decided on this one; only they can take it back.")


class UndoOverError(ConflictError):
    message = _("This can be taken back for %(minutes)s minutes; they are over.")


class CorrectedSinceError(ConflictError):
    message = _("The member has already sent a corrected record. Decide on that one.")


class NotCorrectableError(ConflictError):
    message = _("Only a returned record can be corrected, and only once. Please record it anew.")


class NotYoursError(ConflictError):
    message = _("A record of somebody else has this number. Send it again to record it under a new one.")
