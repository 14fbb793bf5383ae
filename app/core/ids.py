"""Ids are made in the application, so that a phone can name a thing before the server saw it."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new UUIDv7: unique everywhere, and rows made later sort later."""
    return uuid7()
