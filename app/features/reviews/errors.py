"""What a review refuses, and the sentence that says what to do next."""

from app.core.errors import ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _


class OwnRecordError(ForbiddenError):
    code = "own_record"
    message = _("This is your own record, or one that you entered. Another officer decides on it.")


class BoundToThemError(ForbiddenError):
    code = "bound_to_them"
    message = _(
        "Your account was made, or your slip printed, by the person whose record this is, less than %(days)s days "
        "ago. Another officer decides on it, or the committee above."
    )


class LaterThanRecordError(ForbiddenError):
    """A record of an officer, older than the decider's post."""

    code = "later_than_record"
    message = _(
        "This is the record of an officer, and it arrived before your post began. Another officer decides on it, "
        "or the committee above."
    )


class AlreadyDecidedError(ConflictError):
    code = "already_decided"
    message = _("%(name)s has just decided on this one: %(outcome)s. There is nothing left to do.")


class WithdrawnError(ConflictError):
    code = "withdrawn"
    message = _("The member has withdrawn this record. There is nothing left to decide.")


class FlaggedError(ConflictError):
    code = "flagged"
    message = _("This one is marked. Open it, look at the reason, and approve it by itself.")


class TooManyAtOnceError(ConflictError):
    code = "too_many_at_once"
    message = _("Please decide on at most %(most)s records at once.")


class NotYourDecisionError(ConflictError):
    code = "not_your_decision"
    message = _("Another officer decided on this one; only they can take it back.")


class UndoOverError(ConflictError):
    code = "undo_over"
    message = _("This can be taken back for %(minutes)s minutes; they are over.")


class CorrectedSinceError(ConflictError):
    code = "corrected_since"
    message = _("The member has already sent a corrected record. Decide on that one.")


class NotCorrectableError(ConflictError):
    code = "not_correctable"
    message = _("Only a returned record can be corrected, and only once. Please record it anew.")


class NotYoursError(ConflictError):
    code = "not_yours"
    message = _("A record of somebody else has this number. Send it again to record it under a new one.")
