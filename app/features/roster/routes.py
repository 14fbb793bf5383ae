"""The roster's pages: a file comes in, is looked at, and is confirmed; the roster goes out again."""

from typing import Annotated, Final

from fastapi.responses import Response

from app.core import pages
from app.core.i18n import gettext as _
from app.core.routing import Router, Units
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.imports.pages import list_pages
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.roster import queries
from app.features.roster.importer import importer
from app.features.roster.listing import ROSTER
from app.features.roster.sheet.outgoing import roster_file
from app.features.sign_in.door import require

KEEPS_PEOPLE: Final = require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)
router: Final[Router] = list_pages(ROSTER, KEEPS_PEOPLE)


@router.get("/roster/export.xlsx")
def export(units: Units, actor: Annotated[Actor, KEEPS_PEOPLE]) -> Response:
    """Everybody within reach, in the columns that an import reads."""
    with units.read() as session:
        content = roster_file(queries.entries(session, importer(actor)))
    return pages.download(content, name=_("Roster") + ".xlsx", media_type=XLSX_MEDIA_TYPE)
