"""What stands behind the key of a session, in one joined row for each post. Statements are built once."""

from typing import Final

from sqlalchemy import and_, bindparam, or_, select, update

from app.features.members.models import Member, Organisation, RoleTerm
from app.features.sign_in.models import SignInSession
from app.features.sign_in.outside.models import OutsideSession

SESSION: Final = (
    select(
        SignInSession.id.label("session_id"),
        SignInSession.kind,
        SignInSession.created_at,
        SignInSession.used_at,
        SignInSession.confirmed_at,
        SignInSession.awaits_factor_since,
        SignInSession.factor_at,
        OutsideSession.way,
        Member.id.label("member_id"),
        Member.name,
        Member.branch_id,
        Member.group_id,
        Organisation.name.label("branch_name"),
        Organisation.kind.label("home"),
        Organisation.is_demo,
        RoleTerm.role,
        RoleTerm.organisation_id,
    )
    .join(Member, Member.id == SignInSession.member_id)
    .outerjoin(OutsideSession, OutsideSession.session_id == SignInSession.id)
    .join(Organisation, Organisation.id == Member.branch_id)
    .outerjoin(
        RoleTerm,
        and_(
            RoleTerm.member_id == Member.id,
            RoleTerm.in_force(bindparam("today", type_=RoleTerm.starts_on.type)),
            RoleTerm.counts_at_home(),
        ),
    )
    .where(
        SignInSession.token_digest == bindparam("token_digest"),
        SignInSession.ended_at.is_(None),
        or_(Member.left_on.is_(None), Member.left_on > bindparam("today")),
    )
)
ENDED: Final = (
    select(SignInSession.id)
    .join(Member, Member.id == SignInSession.member_id)
    .where(
        SignInSession.token_digest == bindparam("token_digest"),
        or_(SignInSession.ended_at.is_not(None), Member.left_on <= bindparam("today", type_=Member.left_on.type)),
    )
)
BY_WORD_ALONE: Final = (
    select(SignInSession.id)
    .join(OutsideSession, OutsideSession.session_id == SignInSession.id)
    .where(SignInSession.id == bindparam("session"), SignInSession.factor_at.is_(None))
)
"""The session, if somebody outside has opened it and nobody has given a second step in it since."""
HOLDER: Final = select(SignInSession.member_id).where(SignInSession.token_digest == bindparam("token_digest"))
TOUCH: Final = (
    update(SignInSession)
    .where(SignInSession.id == bindparam("session"))
    .values(used_at=bindparam("used_now"))
    .execution_options(synchronize_session=False)
)
