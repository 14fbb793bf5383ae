"""The pages on which a duty list is brought in."""

from typing import Final

from app.core.routing import Router
from app.features.imports.pages import list_pages
from app.features.members.rules import Permission
from app.features.shows.duties.imports.listing import DUTY_LIST
from app.features.sign_in.door import require

router: Final[Router] = list_pages(DUTY_LIST, require(Permission.APPROVE, Permission.RECORD_FOR_OTHERS))
