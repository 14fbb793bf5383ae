"""The usual forms: tables on a page to be printed, and the same as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from app.core import pages
from app.core.tables import XLSX_MEDIA_TYPE, Table, write_tables


def workbook(content: Iterable[Table] | bytes, name: str) -> Response:
    """Tables as a file to keep, a sheet each. Its ``name`` comes without the ending."""
    content = content if isinstance(content, bytes) else write_tables(content)
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One or more forms, each on a sheet of its own."""

    tables: Sequence[Table]
    sub: str
    """What stands under the name of each."""
    name: str
    """Of the file."""
    file: str
    """The address of the file."""
    back: tuple[str, str]
    """Where the page leads back: address and words."""
    landscape: bool = False

    def page(self, request: Request) -> Response:
        """To be printed."""
        return pages.render(
            request,
            "paper.html",
            tables=self.tables,
            sub=self.sub,
            file=self.file,
            back=self.back,
            landscape=self.landscape,
        )

    def download(self) -> Response:
        """The same as a file."""
        return workbook(self.tables, self.name)
