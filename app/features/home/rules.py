"""What stands on the page of today, and for how long. Pure."""

from datetime import timedelta
from typing import Final

from app.features.members.rules import AuditAction

RETURNED_SHOWN: Final = timedelta(days=30)
"""How long a returned record is offered for correction on the page of today; then it rests among the records."""
APPROVED_SHOWN: Final = timedelta(days=7)
"""How long it is said there that a record was approved: until a weekly look."""
AHEAD_SHOWN: Final = 3
"""Lines of what comes later."""
ROWS_SHOWN: Final = 3
"""Rows of one card; where there are more, they are behind its link."""
PASSWORD_ACTIONS: Final = frozenset({AuditAction.SLIP_ISSUED, AuditAction.PASSWORD_SET, AuditAction.PASSWORD_CHANGED})
"""What people are told about their own account: who printed a slip could open it."""
DUE_SHOWN: Final = 6
"""Lines of what is due; nobody does more on one day, and the rest is behind the card's link."""
