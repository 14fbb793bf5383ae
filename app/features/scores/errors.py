"""What quantified management refuses, and the sentence that says why."""

from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _


class UnknownRuleSetError(NotFoundError):
    """No rule set of this version."""

    code = "unknown_rule_set"
    message = _("There is no rule set “%(version)s”. Known are: %(known)s.")


class NoSheetOfYearError(NotFoundError):
    """A year before the first of which there is a sheet."""

    code = "no_sheet_of_year"
    message = _("There is no sheet of %(year)s: nothing was recorded here then. The first one is that of %(first)s.")


class RuleSetRefusedError(BadInputError):
    """A rule set with something in it that cannot stand."""

    code = "rule_set_refused"
    message = _("This rule set cannot be used:\n%(text)s")

    def __init__(self, refusals: list[str]) -> None:
        """Keep one sentence for each thing that cannot stand."""
        super().__init__(text="\n".join(refusals))
        self.refusals = refusals


class YearArchivedError(ConflictError):
    """The sheets of that year are final."""

    code = "year_archived"
    message = _("%(year)s is archived: its sheets stay with rule set %(version)s.")


class FactsFileError(BadInputError):
    """A table of facts that cannot be tried as a whole."""

    code = "facts_file"
    message = _("This file has no heading row with member, fact and occurred_on.")
