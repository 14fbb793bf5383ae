"""What pledges refuse, and the sentence that says what to do next."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _


class TooManyPledgesError(ConflictError):
    message = _("A year has at most %(most)s pledges. Change one of these, or remove a draft first.")


class TooFewPledgesError(ConflictError):
    message = _("A year has at least %(least)s pledges. Add another one, then hand in all of them together.")


class NothingToSubmitError(ConflictError):
    message = _("There is no draft to hand in. What was handed in stands below with its state.")


class OtherYearError(ConflictError):
    message = _("Pledges are written for %(year)s now. Those of other years can be read only.")


class DueOutsideYearError(BadInputError):
    field = "due_on"
    message = _("The date has to lie in %(year)s, the year of the pledge.")


class NotADraftError(ConflictError):
    message = _("This pledge has been handed in already. Take it back first, or wait for the officer's word.")


class DraftChangedError(ConflictError):
    message = _("The draft of this pledge has been changed since, and is kept. Hand it in when it is ready.")


class NotReturnedError(ConflictError):
    message = _("Only a returned pledge is corrected. This one stands as it is.")


class NotApprovedError(ConflictError):
    message = _("This pledge has not been approved yet. Its progress is told once it has.")


class WrongQuarterError(BadInputError):
    """Nothing can be said of a quarter that has not begun, or was over before the branch approved the pledge."""

    field = "quarter"
    message = _("Of this quarter there is nothing to say for this pledge. Choose another one.")


class InPublicityError(ConflictError):
    message = _("This pledge is shown to the branch until %(day)s. How it ended can be said after that.")


class EvaluatedError(ConflictError):
    code = "pledge_evaluated"
    message = _("How this pledge ended has been decided already. Nothing more is needed.")


class OutcomeWaitsError(ConflictError):
    code = "ending_waits"
    message = _("How this pledge ended has been said already and waits for an officer. Take that back to change it.")


class EndedOnceError(ConflictError):
    code = "pledge_ended_once"
    message = _("“%(text)s” has ended already: another word on it stands approved. Return this one.")


class ReasonMissingError(BadInputError):
    field = "said"
    message = _("Please name the objective reason in one sentence; the committee confirms it.")


class ProgressStandsError(ConflictError):
    message = _("Progress stays in the history. Say it once more as it is; the last word of a quarter counts.")


class PeersNotAskedError(ConflictError):
    message = _("The branch does not ask colleagues about this pledge at the moment.")


class SuggestionTakenError(ConflictError):
    field = "text"
    message = _("The library has a pledge with these words already.")
