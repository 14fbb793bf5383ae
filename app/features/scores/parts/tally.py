"""One member's totals of the year to date, as the parts of a rule ask for them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.features.ledger.rules import FactType, Total, shape
from app.features.scores.sheet import FactKey


class Tally:
    """Numbers of facts and sums of quantities from January to the month of ``through``.

    Reversals are part of the totals, so a number can only fall below zero when a fact of another year was
    reversed; it then counts as none.
    """

    def __init__(
        self, totals: Iterable[Total], *, through: date, to_come: Mapping[FactType, int] | None = None
    ) -> None:
        """Keep what lies in the year of ``through`` and not after its month; ``to_come`` is due and not there yet."""
        self.month = through.replace(day=1)
        self._to_come = to_come or {}
        self._by_type: dict[FactType, list[Total]] = {}
        self._counts: Counter[FactType] = Counter()
        january = self.month.replace(month=1)
        for total in totals:
            if january <= total.month <= self.month:
                self._by_type.setdefault(total.fact_type, []).append(total)
                self._counts[total.fact_type] += total.count

    @property
    def months_left(self) -> int:
        """Months of the year after the present one."""
        return 12 - self.month.month

    def to_come(self, kinds: Sequence[FactType]) -> int:
        """How many facts of these types are due in the year and not there yet."""
        return sum(self._to_come.get(kind, 0) for kind in kinds)

    def with_one(self, fact: Total) -> "Tally":
        """The same and one fact more, of the same year to date."""
        every = [total for totals in self._by_type.values() for total in totals]
        return Tally([*every, fact], through=self.month, to_come=self._to_come)

    def _cells(self, kinds: Sequence[FactType]) -> list[Total]:
        return [total for kind in kinds for total in self._by_type.get(kind, ())]

    def count(self, kinds: Sequence[FactType]) -> int:
        """How many facts of these types there are."""
        return max(0, sum(self._counts[kind] for kind in kinds))

    def quantity(self, kinds: Sequence[FactType]) -> int:
        """The sum of their quantities, in hundredths."""
        return max(0, sum(total.quantity for total in self._cells(kinds)))

    def per_month(self, kinds: Sequence[FactType]) -> Counter[date]:
        """How many facts of these types each month has; months without any are left out."""
        months: Counter[date] = Counter()
        for total in self._cells(kinds):
            months[total.month] += total.count
        return months

    def per_grade(self, kinds: Sequence[FactType]) -> Counter[str]:
        """How many facts each grade has."""
        grades: Counter[str] = Counter()
        for total in self._cells(kinds):
            grades[total.grade] += total.count
        return +grades

    def per_matter(self, kinds: Sequence[FactType]) -> Counter[tuple[str, str]]:
        """How many facts each matter and grade has; the empty matter stands for "no matter"."""
        matters: Counter[tuple[str, str]] = Counter()
        for total in self._cells(kinds):
            matters[total.matter, total.grade] += total.count
        return +matters

    def keys(self, kinds: Sequence[FactType]) -> tuple[FactKey, ...]:
        """The types, with their grades where they have any, of the facts there are, in the order of the rule."""
        return tuple(
            FactKey(kind, grade)
            for kind in kinds
            if self._counts[kind] > 0
            for grade in (sorted(self.per_grade([kind])) if shape(kind).grades else ("",))
        )
