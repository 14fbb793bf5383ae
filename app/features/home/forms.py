"""How a browser shows the pages."""

from enum import StrEnum

from app.core.forms import FormModel


class Language(StrEnum):
    """The languages there are, or whichever the browser asks for."""

    CHINESE = "zh_CN"
    ENGLISH = "en"
    BROWSER = "browser"


class TextSize(StrEnum):
    """Large type is 18 px and more, with targets of 60 px (docs/domain.md §9)."""

    NORMAL = "normal"
    LARGE = "large"


class Theme(StrEnum):
    """Light, dark, or whichever the system has."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Files(StrEnum):
    """What tables leave as."""

    XLSX = "xlsx"
    CSV = "csv"


class PreferencesForm(FormModel):
    """What is not said stays as it is."""

    language: Language | None = None
    text: TextSize | None = None
    theme: Theme | None = None
    files: Files | None = None
    next: str = "/"


class NoticeForm(FormModel):
    """What somebody says to the notice of purposes."""

    agreed: bool
