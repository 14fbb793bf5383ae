"""The kinds of counting a rule is composed of. A new rule set changes their numbers without any code."""

from typing import Annotated

from pydantic import Field

from app.features.scores.parts.base import Part, PartResult
from app.features.scores.parts.counting import CountPart, QuantityPart, SequencePart, ShownPart
from app.features.scores.parts.weighing import GradesPart, HighestPerMatterPart, MeanPart, RatioPart

AnyPart = Annotated[
    CountPart | QuantityPart | SequencePart | ShownPart | GradesPart | HighestPerMatterPart | RatioPart | MeanPart,
    Field(discriminator="kind"),
]

__all__ = ["AnyPart", "Part", "PartResult"]
