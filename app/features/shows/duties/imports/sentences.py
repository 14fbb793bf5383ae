"""Problems of rows as sentences in the language of the person who reads them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.shows.duties.imports.reading import ProblemCode

SENTENCES: Final[Mapping[str, LazyText]] = MappingProxyType(
    {
        ProblemCode.MISSING_MATTER: _("What is to be done is missing. Write it in."),
        ProblemCode.MISSING_HOLDER: _("Nobody is named. Write in who is responsible."),
        ProblemCode.UNKNOWN_PERSON: _("“%(name)s” is nobody of this branch. Check the name."),
        ProblemCode.AMBIGUOUS_PERSON: _(
            "%(number)s members are called %(name)s. Add the mobile number or the member number in a column of its own."
        ),
        ProblemCode.DIFFERENT_PERSON: _(
            "The number belongs to %(owner)s, the name says “%(name)s”. Correct one of the two."
        ),
        ProblemCode.UNKNOWN_HELPER: _(
            "The helper “%(name)s” is nobody of this branch. Check the name or leave it out."
        ),
        ProblemCode.AMBIGUOUS_HELPER: _(
            "%(number)s members are called %(name)s. Leave the helper out and add them on the duty's page."
        ),
        ProblemCode.MISSING_DUE: _("The due day is missing. Write it like 2026-06-30, or 6月底."),
        ProblemCode.BAD_DUE: _("“%(typed)s” names no day. Write it like 2026-06-30, 6月底, 二季度 or 年底."),
        ProblemCode.DUE_TOO_EARLY: _("%(typed)s lies before the open year. Correct the year."),
        ProblemCode.DUE_TOO_LATE: _("%(typed)s is many years away. Correct the year."),
        ProblemCode.UNKNOWN_KIND: _("“%(typed)s” is neither 业务 nor 党务. Write one of the two."),
        ProblemCode.UNKNOWN_REPEAT: _("“%(typed)s” is none of 每月, 每季度, 每年. Write one of them, or nothing."),
        ProblemCode.CUT_NUMBER: _(
            "Excel has cut the number under %(column)s: it keeps 15 digits. Format the column as text and write the "
            "number in again."
        ),
        ProblemCode.DUPLICATE_ROW: _("The same duty stands in row %(row)s already. Keep one of the two rows."),
    }
)
