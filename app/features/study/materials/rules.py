"""What a material may be: a text, a link, or a file of a few kinds. Pure. Source: domain, study §1."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.core import texts
from app.core.addresses import host_of, parts_of
from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

TITLE_LENGTH: Final = 120
BODY_LENGTH: Final = 20_000
ADDRESS_LENGTH: Final = 500
LICENCE_LENGTH: Final = 200
FILE_NAME_LENGTH: Final = 120
MOST_BYTES: Final = 10 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
KINDS_OF_FILES: Final[Mapping[str, tuple[str, bytes]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", b"%PDF-"),
        "docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
        "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
        "pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
        "jpg": ("image/jpeg", b"\xff\xd8\xff"),
        "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
        "png": ("image/png", b"\x89PNG\r\n"),
    }
)
"""By the ending of the name: the media type, and how the content of such a file begins. None of them runs anything."""
ACCEPTED: Final = ",".join(f".{ending}" for ending in KINDS_OF_FILES)


class MaterialKind(Word):
    """In which of three forms it is there."""

    TEXT = "text", _("Text")
    LINK = "link", _("Link")
    FILE = "file", _("File")


class NotOneFormError(BadInputError):
    """Neither a text nor a link nor a file, or more than one of them."""

    code = "not_one_form"
    field = "body"
    message = _("Give one of the three: the text, a link, or a file.")


class BadLinkError(BadInputError):
    """No address of a page."""

    code = "bad_link"
    field = "address"
    message = _("Please write the whole address, beginning with https:// or http://.")


class BadFileError(BadInputError):
    """A file of a kind that is not taken, or that is not what its name says."""

    code = "bad_file"
    field = "file"
    message = _("This file cannot be taken. PDF, DOCX, XLSX, PPTX, JPEG and PNG go; save older kinds as one of them.")


class LargeFileError(BadInputError):
    """More than is taken."""

    code = "large_file"
    field = "file"
    message = _("This file is larger than 10 MB. Please choose a smaller one, or give its link.")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it came."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """What it is, by its name and by how it begins.

        Raises:
            LargeFileError: it is too large.
            BadFileError: it is of no kind that is taken, or not what its name says.
        """
        if len(self.content) > MOST_BYTES:
            raise LargeFileError
        media_type, beginning = KINDS_OF_FILES.get(self.name.rpartition(".")[2].lower(), ("", b""))
        if not media_type or not self.content.startswith(beginning):
            raise BadFileError
        return media_type


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMaterial:
    """A material as it is written: one of text, link and file."""

    title: str
    body: str | None = None
    address: str | None = None
    file: NewFile | None = None
    licence: str | None = None

    @property
    def kind(self) -> MaterialKind:
        """Which of the three it is.

        Raises:
            NotOneFormError: none, or more than one.
            BadLinkError: the link leads nowhere.
        """
        given = [
            kind
            for kind, value in zip(MaterialKind, (self.body, self.address, self.file), strict=True)
            if value is not None
        ]
        if len(given) != 1:
            raise NotOneFormError
        if self.address is not None and not is_link(self.address):
            raise BadLinkError
        return given[0]


def is_link(address: str) -> bool:
    """Whether ``address`` leads to a page: nothing that a browser would run."""
    return parts_of(address).scheme in {"http", "https"} and bool(host_of(address)) and not set(address) & set(' <>"\n')


def own_name(typed: str) -> str:
    """The name of a file without the folders that some browsers send, short enough, its ending kept."""
    name = " ".join(texts.visible(typed.replace("\\", "/").rsplit("/", 1)[-1]).split())
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: FILE_NAME_LENGTH - len(ending) - 1]}{dot}{ending}" if dot else name[:FILE_NAME_LENGTH]
