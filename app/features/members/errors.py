"""What is refused about people and posts, and the sentence that says what to do instead."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext


class PhoneTakenError(ConflictError):
    field = "phone"
    message = lazy_gettext("Another member has this phone number already. Please check it.")


class MemberNumberTakenError(ConflictError):
    message = lazy_gettext("Another member has this member number already.")


class GroupElsewhereError(BadInputError):
    field = "group_id"
    message = lazy_gettext("Please choose a group of this branch.")


class OwnRecordError(ForbiddenError):
    message = lazy_gettext("Your own posts, exemptions and membership are changed by another officer. Please ask one.")


class HigherPostError(ForbiddenError):
    """An account that decides beside the own one, or stands higher, is opened and changed from above only."""

    message = lazy_gettext(
        "%(name)s holds a post that decides here or stands above yours. Somebody of the committee above the branch "
        "does this: a committee officer or the business administrator; for their own posts, it is done on the server."
    )


class DepartureFromAboveError(ForbiddenError):
    message = lazy_gettext(
        "%(name)s decided here before leaving, or the departure was recorded from above the branch. The business "
        "administrator changes it."
    )


class FromAboveError(ForbiddenError):
    message = lazy_gettext(
        "The post of secretary begins and ends from above: please ask a committee officer or the business "
        "administrator."
    )


class PostsFirstError(ConflictError):
    message = lazy_gettext(
        "%(name)s still holds a post that ends with a second person's word. End it on the page of posts first."
    )


class ProposalOverError(ConflictError):
    message = lazy_gettext("This change no longer waits for a word: it was decided, taken back, or its time is over.")


class NotSecondError(ForbiddenError):
    message = lazy_gettext(
        "A second person confirms this: not who proposed it, not whose post it is, and nobody whose account one of "
        "them opened lately."
    )


class AlreadyProposedError(ConflictError):
    field = "role"
    message = lazy_gettext("This change waits for a second person's word already.")


class NotFullMemberError(BadInputError):
    field = "role"
    message = lazy_gettext("The members' meeting names a full member for this.")


class ChangedMeanwhileError(ConflictError):
    message = lazy_gettext(
        "Somebody else changed this in the meantime: %(changes)s. What you typed is still here; save once more to "
        "write it over that."
    )


class OrganPostError(ForbiddenError):
    message = lazy_gettext("Posts of the whole organ are given by the business administrator.")


class MisplacedPostError(BadInputError):
    """A post that does not exist there: a secretary of a group, an inspector of a branch, a post of another branch."""

    field = "role"
    message = lazy_gettext("There is no post “%(role)s” for this member there. Choose another post or place.")


class NoGroupError(BadInputError):
    field = "role"
    message = lazy_gettext("%(name)s is in no group yet. Choose the group first, then the group leader.")


class PostHeldError(ConflictError):
    field = "role"
    message = lazy_gettext("%(name)s holds this post in that time already.")


class SecretaryHeldError(ConflictError):
    field = "role"
    message = lazy_gettext(
        "%(name)s is secretary of this branch in that time. "
        "End that term first, at the latest on the day before the new one begins."
    )


class SeparateAdministratorsError(ConflictError):
    field = "role"
    message = lazy_gettext("%(name)s is %(role)s in that time. The three administrators are three different people.")


class AlreadyExemptError(ConflictError):
    field = "kind"
    message = lazy_gettext("%(name)s is exempt for this reason in that time already.")


class EndsBeforeStartError(BadInputError):
    field = "ends_on"
    message = lazy_gettext("The last day cannot lie before the first.")


class HasLeftError(ConflictError):
    message = lazy_gettext("%(name)s has left the branch. Record the return first.")


class UnknownBranchError(BadInputError):
    field = "branch"
    message = lazy_gettext("There is no branch with “%(name)s” in its name.")


class AmbiguousBranchError(BadInputError):
    field = "branch"
    message = lazy_gettext("Several branches fit: %(names)s. Please write the whole name.")
