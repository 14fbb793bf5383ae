"""The first people of an installation: from here on everything is done on the pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.features.members import audit
from app.features.members.member_numbers import draw_numbers
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import AuditAction, OrganisationKind, Role
from app.features.slips.errors import FoundedAlreadyError, SamePersonError
from app.features.slips.service import PrintedSlip, print_slip


@dataclass(frozen=True, slots=True)
class Founder:
    """Somebody who gets an administrator's post."""

    name: str
    phone: str
    """Eleven digits."""
    role: Role


def found(session: Session, *, committee: str, branch: str, founders: list[Founder]) -> Iterator[PrintedSlip]:
    """Make the committee, its first branch and the administrators in it; gives the slips with which they set passwords.

    Raises:
        FoundedAlreadyError: there is an organisation.
        SamePersonError: two posts for one phone number; the administrators are different people.
    """
    if session.scalar(select(Organisation.id).limit(1)):
        raise FoundedAlreadyError
    if len({founder.phone for founder in founders}) < len(founders):
        raise SamePersonError
    root = Organisation(kind=OrganisationKind.COMMITTEE, name=committee, pinyin=place_key(committee))
    session.add(root)
    try:
        session.flush()
    except IntegrityError as error:  # another process founds at this moment
        raise FoundedAlreadyError from error
    home = Organisation(kind=OrganisationKind.BRANCH, name=branch, pinyin=place_key(branch), parent_id=root.id)
    session.add(home)
    session.flush()
    for place in (root, home):
        audit.record(session, None, AuditAction.ORGANISATION_ADDED, place)
    for founder, number in zip(founders, draw_numbers(session, len(founders)), strict=True):
        member = Member(
            branch_id=home.id,
            name=founder.name,
            pinyin=pinyin_key(founder.name),
            phone=founder.phone,
            member_number=number,
        )
        session.add(member)
        session.flush()
        session.add(RoleTerm(organisation_id=root.id, member_id=member.id, role=founder.role))
        session.flush()  # the post first: a slip is good for what its holder held when it was printed
        audit.record(session, None, AuditAction.MEMBER_ADDED, member)
        post = audit.changed({}, {"role": founder.role, "place": root.name})
        audit.record(session, None, AuditAction.POST_GIVEN, member, post)
        yield print_slip(session, member, by=None)
