"""The democratic review, asked from outside (``sanliang try``)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.core.tried import Case, Count
from app.features.ballots import rules
from app.features.ledger.quantities import two_places

Marks = tuple[Count, Count, Count, Count]


class Review(Case):
    """The marks of one person."""

    marks: Marks
    grade: rules.Grade | None = None

    def answer(self) -> Mapping[str, Any]:
        """The mean, what is shown, what counts."""
        found = rules.result(self.marks, self.grade)
        return {
            "mean": None if found.mean is None else two_places(found.mean),
            "shown": found.shown,
            "points": None if found.points is None else two_places(found.points),
        }


class Excellent(Case):
    """How many may be excellent."""

    full: Count
    exempt: Count = 0
    absent: Count = 0
    probationary: Count = 0
    guests: Count = 0
    wanted: Count | None = None
    consent: bool = False

    def answer(self) -> Mapping[str, Any]:
        """A third of the full members, and whether the wanted number may be."""
        allowed = None if self.wanted is None else rules.may_be_excellent(self.wanted, self.full, consent=self.consent)
        at_most = rules.most_excellent(self.full, absent=self.absent, exempt=self.exempt)
        return {"at_most": at_most, "allowed": allowed}


class Ballots(Case):
    """A ballot by phone and on paper."""

    present: Count
    phone: Count = 0
    issued: Count = 0
    returned: Count = 0
    invalid: Count = 0
    may_take_part: Count | None = None
    marks: Marks | None = None
    subject_voted: bool = False

    def answer(self) -> Mapping[str, Any]:
        """How many count, whether the ballot is valid, the most marks of one person."""
        cast = rules.Cast(self.phone, self.issued, self.returned, self.invalid)
        may = self.present if self.may_take_part is None else self.may_take_part
        valid = rules.check_cast(cast, present=self.present, may_take_part=may)
        if self.marks is not None:
            rules.check_marks(self.marks, cast, subject_voted=self.subject_voted)
        most = rules.most_marks(cast, subject_voted=self.subject_voted)
        return {"ballots": cast.counted, "valid": valid, "marks_at_most": most}


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {"review": Review, "excellent": Excellent, "ballots": Ballots}
)
