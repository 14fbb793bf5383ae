"""What the fields of a rule set may hold, each refused in a sentence of its own."""

from typing import Annotated, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.core.errors import AppError
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.features.ledger.forbidden import fact_type
from app.features.ledger.quantities import parse_hundredths
from app.features.ledger.rules import FactType


class Frozen(BaseModel):
    """A piece of a rule set: never changed once read, and nothing in it that nobody understands."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def refuse(sentence: str) -> NoReturn:
    """Refuse a value with a sentence for the person who wrote the rule set: ``PydanticCustomError``."""
    raise PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


def _points(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        refuse(_("Points are written as text, such as “7.5”, so that they stay exact."))
    try:
        return parse_hundredths(str(value))
    except ValueError as error:
        refuse(str(error))


def _scored_fact(name: object) -> FactType:
    try:
        return fact_type(str(name))
    except AppError as refusal:
        refuse(refusal.sentence)


def _words(value: object) -> LazyText:
    if not isinstance(value, str) or not value.strip():
        refuse(_("Here a few words are needed."))
    return LazyText(value)


def _different(kinds: tuple[FactType, ...]) -> tuple[FactType, ...]:
    if len(set(kinds)) < len(kinds):
        refuse(_("The same fact type is named twice."))
    return kinds


Points = Annotated[int, BeforeValidator(_points)]
"""Hundredths of a point; written as "7.5"."""
PositivePoints = Annotated[Points, Field(gt=0)]
Words = Annotated[LazyText, BeforeValidator(_words)]
"""A message id: English in the file, translated when shown; a text without translation is shown as it is."""
ScoredFacts = Annotated[
    tuple[Annotated[FactType, BeforeValidator(_scored_fact)], ...], Field(min_length=1), AfterValidator(_different)
]
"""Fact types of the whitelist; a forbidden one is refused with the clause it breaks."""
OneFactType = Annotated[ScoredFacts, Field(max_length=1)]
