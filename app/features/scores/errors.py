"""What quantified management refuses, and the sentence that says why."""

from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _


class UnknownRuleSetError(NotFoundError):
    message = _("There is no rule set “%(version)s”. Known are: %(known)s.")


class NoSheetOfYearError(NotFoundError):
    message = _("There is no sheet of %(year)s: nothing was recorded here then. The first one is that of %(first)s.")


class RuleSetRefusedError(BadInputError):
    message = _("This rule set cannot be used:\n%(text)s")

    def __init__(self, refusals: list[str]) -> None:
        """Keep one sentence for each thing that cannot stand."""
        super().__init__(text="\n".join(refusals))
        self.refusals = refusals


class YearArchivedError(ConflictError):
    message = _("%(year)s is archived: its sheets stay with rule set %(version)s.")


class FactsFileError(BadInputError):
    message = _("This file has no heading row with member, fact and occurred_on.")
