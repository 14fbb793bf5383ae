"""Slips that were printed before."""

from sqlalchemy.orm import Session

from app.features.members.models import Member
from app.features.slips.rules import readable
from app.features.slips.service import print_slip
from tests.makers import Person


def make_slip(session: Session, holder: Person, *, by: Person | None = None) -> str:
    """A slip for ``holder``; gives the code as it is printed."""
    return readable(print_slip(session, session.get_one(Member, holder.id), by=by.id if by else None).code)
