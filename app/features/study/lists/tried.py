"""Lists of hours, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from app.core.tried import Case, Month, Question
from app.features.study.lists import rules
from app.features.study.lists.rules import Unit


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("a total is a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError("a total is not negative")
    return text


class Amount(Case):
    """What stands in a cell of amounts."""

    text: str
    unit: Unit = Unit.HOURS

    def answer(self) -> Mapping[str, Any]:
        """Its minutes, as of one day."""
        found = rules.amount(self.text, self.unit)
        rules.check(found)
        return {"minutes": found.minutes, "skipped": found.is_nothing}


class _Total(Question):
    month: Month
    total: Annotated[str, AfterValidator(_number)]


class Cumulative(Case):
    """Totals of one person that grow, in the order of import."""

    totals: tuple[_Total, ...]

    def answer(self) -> Mapping[str, Any]:
        """What each of them adds."""
        found = rules.added((one.month[0], Decimal(one.total)) for one in self.totals)
        return {"added": [None if one is None else f"{one.normalize() + 0:f}" for one in found]}


class Phone(Case):
    """A cell with the number of a person."""

    cell: str

    def answer(self) -> Mapping[str, Any]:
        """The mobile number; none where it is no such number."""
        return {"phone": rules.phone(self.cell)}


class TotalRow(Case):
    """The cell where the name of a person stands."""

    name: str

    def answer(self) -> Mapping[str, Any]:
        """Whether the row is skipped."""
        return {"skipped": rules.is_total(self.name)}


class Columns(Case):
    """The headings of a list."""

    headers: tuple[str, ...]

    def answer(self) -> Mapping[str, Any]:
        """Those that can be mapped, and those that never are."""
        offered, left_out = rules.columns(self.headers)
        return {"offered": offered, "left_out": left_out}


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {"amount": Amount, "cumulative": Cumulative, "phone": Phone, "total_row": TotalRow, "columns": Columns}
)
