"""The pages of the system administrator: which list of days off is in force, and loading another one."""

from typing import Annotated, Final

from fastapi import Request
from fastapi.responses import Response

from app.core import pages
from app.core.routing import DbSession, Router
from app.features.holidays.listing import HOLIDAYS, PAGE
from app.features.holidays.service import years_in_force
from app.features.imports.pages import list_pages
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

KEEPS_THE_MACHINE: Final = require(Permission.ADMINISTER_SYSTEM)
router: Final[Router] = list_pages(HOLIDAYS, KEEPS_THE_MACHINE)


@router.get(PAGE)
def in_force(request: Request, session: DbSession, _actor: Annotated[Actor, KEEPS_THE_MACHINE]) -> Response:
    """The years, the list each is counted with, and where it comes from."""
    return pages.render(request, "holidays/years.html", years=years_in_force(session), load=HOLIDAYS.address)
