"""Sign in, sign out."""

from app.core.routing import Router

router = Router()
