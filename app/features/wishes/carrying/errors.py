"""What claiming, handing over, confirming and looking back refuse, and whom it tells kindly."""

from app.core.errors import AppError, BadInputError, ConflictError, ForbiddenError, NotFoundError, TooManyRequestsError
from app.core.i18n import lazy_gettext as _


class AlreadyClaimedError(ConflictError):
    title = _("Somebody was a little faster")
    message = _("%(name)s has just claimed this wish. It is in good hands, and you have lost nothing by trying.")


class TooManyClaimsError(ConflictError):
    title = _("Two at a time")
    message = _("You have %(n)s wishes in progress. Once one is handed over or given back, you can claim another.")


class TooManyToJoinError(TooManyClaimsError):
    """The same, said to whoever is asked to join others."""

    message = _("You have %(n)s wishes in progress. Once one is handed over or given back, you can join this one.")


class PastItsDayError(ConflictError):
    message = _("The day by which this wish helps has passed. The community asks whether it still matters.")


class UndoOverError(ConflictError):
    message = _("This can no longer be undone. The wish is on the board again for whoever is first.")


class TooDearError(ConflictError):
    title = _("More than one person should carry")
    message = _("This wish is estimated at more than %(n)s yuan. Only a team of the committee claims such a wish.")


class OwnEstimateError(ConflictError):
    message = _("You have corrected the estimate of this wish yourself, so somebody else claims it.")


class EstimateLoweredError(BadInputError):
    field = "yuan"
    message = _(
        "This wish was published at more than %(n)s yuan. Its estimate may rise, but not fall to that or below."
    )


class TeamFullError(ConflictError):
    field = "member_id"
    message = _("%(n)s people take part already, and that is the most for one wish.")


class NotYoursError(ForbiddenError):
    code = "not_your_claim"
    message = _("Only those who have claimed this wish can do this.")


class NotLeaderError(ForbiddenError):
    code = "not_the_leader"
    message = _("%(name)s leads this team and does this for it.")


class NotInvitedError(ConflictError):
    message = _("There is no invitation to this wish for you. Ask those who have claimed it.")


class CannotInviteError(BadInputError):
    field = "member_id"
    message = _("Please choose a colleague of a branch that looks after this community.")


class ExtendedOnceError(ConflictError):
    message = _("You have had more time once. If it does not work out, give the wish back: nobody minds.")


class WantedEarlierError(ConflictError):
    """The wisher's own day comes first; a longer promise would only hide it."""

    message = _(
        "The wisher hopes for it by %(day)s, so more time would not help. Agree on a later day with the wisher; the "
        "desk then changes it."
    )


class HandedOverDayError(BadInputError):
    field = "day"
    message = _("Please choose a day between the claim and today.")


class OwnClaimError(ConflictError):
    message = _("You took part yourself; somebody else confirms this wish.")


class UnknownSlipError(NotFoundError):
    page = "wishes/astray.html"
    message = _("This link is no longer good. The community worker can give you a new one.")


class LinksLockedError(TooManyRequestsError):
    page = "wishes/astray.html"
    message = _(
        "There were too many wrong links from this connection. Please try again in %(minutes)s minutes, or ask the "
        "community worker."
    )


class SlipVoidError(AppError):
    """Too many wrong codes, or none was given out."""

    status = 409
    field = "code"
    message = _("This code is no longer good. The community worker can give the wisher a new one, or confirm at once.")


class WrongCodeError(BadInputError):
    field = "code"
    message = _("This is not the code on the wisher's slip. Please listen again: it has six digits.")


class OwnRevisitError(ConflictError):
    message = _("You took part in this wish; somebody else looks back whether it helped.")


class TooEarlyError(ConflictError):
    message = _("Please look back on %(day)s or later: whether it really helped shows after %(days)s days.")


class TakenByOtherError(ConflictError):
    code = "revisit_taken"
    message = _("%(name)s looks back at this wish. Thank you all the same.")
