"""Values with their words: what is stored, what people read, and how it looks stand in one line."""

from enum import StrEnum
from typing import Final, Self

from app.core.i18n import LazyText

_NO_WORDS: Final = LazyText("")


class Word(StrEnum):
    """A stored value that knows what it is called: ``RETURNED = "returned", _("returned"), "need"``.

    The words are lazy (``lazy_gettext``): they speak the language of whoever reads them.
    """

    label: LazyText
    """What people read."""
    tone: str
    """How it looks (``ok`` kept, ``need`` somebody must act; see ``macros/ui.html``); empty where there is none."""

    def __new__(cls, value: str, label: LazyText = _NO_WORDS, tone: str = "") -> Self:
        """One member: its value, its words, its tone. A stored value alone finds its member."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        word.tone = tone
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, LazyText]]:
        """All of them as values and words, in their order: what a list of options offers."""
        return [(word.value, word.label) for word in cls]
