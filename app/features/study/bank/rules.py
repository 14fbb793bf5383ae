"""What a question of a bank may be: its kind, options and key as people type them. Pure. Source: domain, study §3."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from app.core.errors import BadInputError, ImpossibleError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.study.quiz.rules import DEFAULT_POINTS, QuestionType, choices

STEM_LENGTH: Final = 500
OPTION_LENGTH: Final = 200
EXPLANATION_LENGTH: Final = 500
SOURCE_LENGTH: Final = 120
TAG_LENGTH: Final = 30
LETTERS: Final = "ABCDEFGH"
OPTIONS: Final = range(2, len(LETTERS) + 1)
TRUE: Final = "T"
FALSE: Final = "F"


class Flaw(StrEnum):
    """What is wrong with a question. Other programs read these codes: they never change."""

    NO_STEM = "no_stem"
    NO_KIND = "no_kind"
    UNKNOWN_KIND = "unknown_kind"
    OPTION_GAP = "option_gap"
    OPTIONS = "two_to_eight_options"
    NO_KEY = "no_key"
    UNREADABLE_KEY = "unreadable_key"
    NO_SUCH_OPTION = "no_such_option"
    ONE_ANSWER = "one_answer"
    DUPLICATE = "duplicate"
    ONE_OF_SEVERAL = "one_of_several"
    """A warning: a question with several answers may have one."""


SENTENCES: Final[Mapping[str, LazyText]] = MappingProxyType(
    {
        Flaw.NO_STEM: _("The question is missing."),
        Flaw.NO_KIND: _("The kind is missing. Write 单选, 多选 or 判断."),
        Flaw.UNKNOWN_KIND: _("“%(typed)s” is no kind of question. Write 单选, 多选 or 判断."),
        Flaw.OPTION_GAP: _("Option %(letter)s is empty, and one after it is not. Leave no gap."),
        Flaw.OPTIONS: _("A question has two to eight options."),
        Flaw.NO_KEY: _("The answer is missing."),
        Flaw.UNREADABLE_KEY: _("“%(typed)s” cannot be read as an answer. Write letters like AC, or 对 or 错."),
        Flaw.NO_SUCH_OPTION: _("The answer names option %(letter)s, and there is none."),
        Flaw.ONE_ANSWER: _("A question with one answer has one letter in its key."),
        Flaw.DUPLICATE: _("The same question stands in row %(row)s already."),
        Flaw.ONE_OF_SEVERAL: _("Several answers are possible here, and the key has one. Is that right?"),
    }
)


class FoundFlaw(NamedTuple):
    """A flaw, the field it stands in, and what fills its sentence."""

    flaw: Flaw
    field: str
    values: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as it was typed."""

    kind: QuestionType | None
    stem: str
    options: Sequence[str] = ()
    """Of right or wrong none."""
    typed_key: str = ""
    points: int = DEFAULT_POINTS
    explanation: str | None = None
    source: str | None = None
    tag: str | None = None

    @property
    def key(self) -> str:
        """Its letters in order, or T or F; nothing where it cannot be read."""
        try:
            return "".join(sorted(self._key())) if self.kind else ""
        except ImpossibleError:
            return ""

    def _key(self) -> frozenset[str]:
        kind = self.kind or QuestionType.SINGLE
        return choices(_meant(self.typed_key, kind, self._filled), kind)

    @property
    def _filled(self) -> list[str]:
        return [option for option in self.options if option]

    def flaws(self) -> Iterator[FoundFlaw]:
        """All that is wrong with it."""
        if not self.stem:
            yield FoundFlaw(Flaw.NO_STEM, "stem")
        if self.kind is None:
            return
        filled = [bool(option) for option in self.options]
        if self.kind is not QuestionType.TRUE_FALSE:
            if filled != sorted(filled, reverse=True):
                yield FoundFlaw(Flaw.OPTION_GAP, "options", {"letter": LETTERS[filled.index(False)]})
            elif sum(filled) not in OPTIONS:
                yield FoundFlaw(Flaw.OPTIONS, "options")
        try:
            key = self._key()
        except ImpossibleError:
            yield FoundFlaw(Flaw.UNREADABLE_KEY, "key", {"typed": self.typed_key[:20]})
            return
        is_choice = self.kind is not QuestionType.TRUE_FALSE
        beyond = sorted(key - set(LETTERS[: len(self._filled)])) if is_choice else []
        if not key:
            yield FoundFlaw(Flaw.NO_KEY, "key")
        elif beyond:
            yield FoundFlaw(Flaw.NO_SUCH_OPTION, "key", {"letter": beyond[0]})
        elif self.kind is QuestionType.SINGLE and len(key) > 1:
            yield FoundFlaw(Flaw.ONE_ANSWER, "key")

    @property
    def is_doubtful(self) -> bool:
        """Whether a question with several answers has one."""
        return self.kind is QuestionType.MULTIPLE and len(self.key) == 1

    def check(self) -> None:
        """Let pass what is whole.

        Raises:
            BadInputError: something is wrong; it stands at its field.
        """
        for found in self.flaws():
            refusal = BadInputError(SENTENCES[found.flaw], **found.values)
            refusal.field = found.field
            raise refusal


def _meant(typed: str, kind: QuestionType, options: Sequence[str]) -> str:
    """Of right or wrong, a letter means the option beside it: many lists write 正确 and 错误 as A and B."""
    letter = unicodedata.normalize("NFKC", typed).strip().upper()
    if kind is QuestionType.TRUE_FALSE and letter in LETTERS[: len(options)] and letter:
        return options[LETTERS.index(letter)]
    return typed


def stem_key(stem: str) -> str:
    """What two questions have in common that ask the same: NFKC, without spaces and marks, case-folded."""
    plain = unicodedata.normalize("NFKC", stem).casefold()
    return hashlib.sha256("".join(sign for sign in plain if sign.isalnum()).encode()).hexdigest()
