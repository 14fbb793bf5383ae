"""The pages on which a list of wishes is brought in."""

from typing import Final

from app.core.routing import Router
from app.features.imports.pages import list_pages
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.imports.listing import WISH_LIST

router: Final[Router] = list_pages(WISH_LIST, require(Permission.COLLECT_WISHES, Permission.APPROVE))
