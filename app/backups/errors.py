"""What keeps a backup from being made or put in place."""

from app.core.errors import AppError


class CannotError(AppError):
    """It cannot go on; the sentence says what to do."""

    code = "backup"
