"""The pages on which grades of quarters are brought in."""

from typing import Final

from app.core.routing import Router
from app.features.entries.appraisals.imports.listing import APPRAISALS
from app.features.imports.pages import list_pages
from app.features.members.rules import Permission
from app.features.sign_in.door import require

router: Final[Router] = list_pages(APPRAISALS, require(Permission.ENTER_APPRAISALS))
