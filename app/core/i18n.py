"""Words on the screen: English in the source, Chinese by default, chosen by the person or the browser."""

import gettext as gettext_module
import re
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import escape

from app.core.settings import PROJECT_DIR

LANGUAGES: Final = ("zh_CN", "en")
DEFAULT_LANGUAGE: Final = "zh_CN"
HTML_LANG: Final = {"zh_CN": "zh-CN", "en": "en"}
_OURS: Final = {"zh": "zh_CN", "en": "en"}
"""The language of ours for the first part of a tag: whoever reads any Chinese reads this one."""
_Q: Final = re.compile(r"0(?:\.\d*)?|1(?:\.0*)?")
LOCALES_DIR: Final = PROJECT_DIR / "web" / "locales"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def language() -> str:
    """The language of the present request: one of ``LANGUAGES``."""
    return _language.get()


def use_language(name: str) -> None:
    """Speak ``name`` for the rest of the present request; unknown names mean the default."""
    _language.set(name if name in LANGUAGES else DEFAULT_LANGUAGE)


@lru_cache(maxsize=len(LANGUAGES))
def translations(name: str) -> gettext_module.NullTranslations:
    """The catalogue of ``name``; compiled when missing or older than its source."""
    folder = LOCALES_DIR / name / "LC_MESSAGES"
    source, compiled = folder / "messages.po", folder / "messages.mo"
    if not source.exists():
        return gettext_module.NullTranslations()
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        with source.open("rb") as po, NamedTemporaryFile(dir=folder, delete=False) as written:
            write_mo(written, read_po(po, locale=name))
        Path(written.name).chmod(0o644)
        Path(written.name).replace(compiled)  # whole or not at all: another process may read it at this moment
    with compiled.open("rb") as mo:
        return gettext_module.GNUTranslations(mo)


def gettext(message: str) -> str:
    """``message`` in the language of the present request."""
    return _said(_language.get(), message)


@lru_cache(maxsize=8192)
def _said(name: str, message: str) -> str:
    return translations(name).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of the message that fits ``number``."""
    return translations(_language.get()).ngettext(singular, plural, number)


class LazyText:
    """A sentence named at import and translated when it is read."""

    __slots__ = ("message",)

    def __init__(self, message: str) -> None:
        """Remember the English ``message``."""
        self.message = message

    def __str__(self) -> str:
        """The sentence in the language of the present request."""
        return gettext(self.message)

    def __mod__(self, values: object) -> str:
        """The translated sentence with its placeholders filled."""
        return gettext(self.message) % values

    def __html__(self) -> str:
        """Escaped text for templates."""
        return str(escape(str(self)))


def lazy_gettext(message: str) -> LazyText:
    """Mark ``message`` for translation at the time it is shown."""
    return LazyText(message)


def preferred_language(cookie: str | None, accept: str | None) -> str:
    """The language for a visitor: the choice made before, else the one of ours that the browser wants most.

    ``accept`` is the header ``Accept-Language``: tags with weights, of equal ones the first (RFC 9110, 12.5.4).
    """
    if cookie in LANGUAGES:
        return cookie
    wanted = [(_weight(options), _OURS.get(tag.strip().lower()[:2])) for tag, *options in _ranges(accept or "")]
    ours = [(weight, language) for weight, language in wanted if language and weight > 0]
    return max(ours, key=itemgetter(0))[1] if ours else DEFAULT_LANGUAGE


def _ranges(accept: str) -> Iterator[list[str]]:
    return (part.split(";") for part in accept.split(","))


def _weight(options: Sequence[str]) -> float:
    """The ``q`` among the ``options`` of a tag: 0 to 1, and 1 where it is not said. What cannot be read is 0."""
    for name, _, value in (option.partition("=") for option in options):
        if name.strip().lower() == "q":
            return float(value) if _Q.fullmatch(value.strip()) else 0.0
    return 1.0
