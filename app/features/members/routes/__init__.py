"""The pages about people, by what they are about."""

from app.core.routing import Router
from app.features.members.routes import directory, exemptions, membership, posts

router = Router()
for _pages in (directory, posts, exemptions, membership):
    router.include_router(_pages.router, prefix="/members")
