"""Who belongs to a branch: members come, change, move, leave and return. Each change leaves an audit row."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import ConflictError, ContentDiffersError, ForbiddenError
from app.core.ids import new_id
from app.features.members import audit, news, reach
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.errors import (
    ChangedMeanwhileError,
    GroupElsewhereError,
    MemberNumberTakenError,
    OwnRecordError,
    PhoneTakenError,
)
from app.features.members.member_numbers import draw_numbers
from app.features.members.models import Member, Organisation
from app.features.members.names import pinyin_key
from app.features.members.posts import service as posts
from app.features.members.rules import AuditAction, MemberDetails, Permission, masked_phone

_TAKEN: Final = MappingProxyType(
    {
        "uq_members_phone": PhoneTakenError,
        "uq_members_member_number": MemberNumberTakenError,
        "pk_members": ConflictError,  # the same form at one moment; the other one adds
    }
)
_WEIGHED: Final = ("name", "phone", "status", "joined", "confirmed")
"""What somebody signs in with, is called, and is in the Party: of whoever stands higher, it is changed from above."""
DETAILS: Final = frozenset(field.name for field in fields(MemberDetails))
"""What a form about a member can say."""
_GROUP_NAME: Final = select(Organisation.name).where(
    Organisation.id == bindparam("group"), Organisation.parent_id == bindparam("branch")
)


def add_member(
    session: Session,
    actor: Actor,
    *,
    branch_id: UUID,
    details: MemberDetails,
    member_number: str | None = None,
    id: UUID | None = None,  # noqa: A002 (what it is)
) -> Member:
    """Take a member into a branch, or somebody into a community; without ``member_number`` one is drawn.

    ``id`` was made with the form: sent twice, it adds one person.

    Raises:
        ContentDiffersError: from this form somebody else was added.
        GroupElsewhereError: the group is none of the branch.
        PhoneTakenError, MemberNumberTakenError: another member has it.
    """
    branch = reach.home(session, actor, branch_id)
    if id and (there := session.get(Member, id)):
        if (there.added_by_id, there.branch_id, there.name) != (actor.member_id, branch.id, details.name):
            raise ContentDiffersError
        return there
    group = _group_name(session, branch.id, details.group_id)
    member = Member(
        id=id or new_id(),
        branch_id=branch.id,
        member_number=member_number or draw_numbers(session, 1)[0],
        pinyin=pinyin_key(details.name),
        added_by_id=actor.member_id,
        **_columns(details),
    )
    with refusing(session, _TAKEN):
        session.add(member)
    words = _words(member, group) | {"branch": branch.name}
    audit.record(session, actor.member_id, AuditAction.MEMBER_ADDED, member, audit.changed({}, words))
    return member


def change_member(
    session: Session,
    actor: Actor,
    *,
    member_id: UUID,
    details: MemberDetails,
    sent: Collection[str] = DETAILS,
    version: int | None = None,
) -> Member:
    """Write down what is known about a member now; the same again changes nothing.

    Only the fields that were ``sent`` are looked at. ``version`` is that of the details somebody had before them.

    Raises:
        OwnRecordError: the actor's own status; another officer decides on it.
        HigherPostError: another phone number, name, status, or day of joining for somebody who decides beside the
            actor or stands higher.
        ChangedMeanwhileError: somebody else saved other details since ``version``.
        GroupElsewhereError: the group is none of the member's branch.
        PhoneTakenError: another member has this number.
    """
    member = reach.member(session, actor, member_id)
    values = {name: value for name, value in _columns(details).items() if name in sent}
    is_own = member.id == actor.member_id
    if is_own and values.get("status", member.status) is not member.status:
        raise OwnRecordError
    if not is_own and any(values.get(name, getattr(member, name)) != getattr(member, name) for name in _WEIGHED):
        reach.check_account(session, actor, member)
    if version is not None and version != member.version:
        raise ChangedMeanwhileError(changes=news.lately(session, member_id, changes=member.version - version))
    old_group = member.group_id
    before = _words(member, _group_name(session, member.branch_id, old_group))
    new_group = details.group_id if "group_id" in sent else old_group
    group = _group_name(session, member.branch_id, new_group)
    with refusing(session, _TAKEN):
        for name, value in values.items():
            setattr(member, name, value)
        member.pinyin = pinyin_key(member.name)
    if changes := audit.changed(before, _words(member, group)):
        member.version += 1
        session.flush()
        audit.record(session, actor.member_id, AuditAction.MEMBER_CHANGED, member, changes)
    if old_group and old_group != member.group_id:
        posts.end_posts(session, actor, member, before=clock.today(), places=[old_group])
    return member


def change_own_phone(session: Session, actor: Actor, *, phone: str | None) -> Member:
    """The actor signs in with another phone number from now on, or with the member number alone."""
    members.lock(session, actor.member_id)
    member = session.get_one(Member, actor.member_id, populate_existing=True)
    before = masked_phone(member.phone)
    is_new = member.phone != phone
    with refusing(session, _TAKEN):
        member.phone = phone
        member.version += is_new
    if is_new:
        changes = {"phone": (before, masked_phone(phone))}
        audit.record(session, actor.member_id, AuditAction.MEMBER_CHANGED, member, changes)
    return member


def move_member(
    session: Session, actor: Actor, *, member_id: UUID, branch_id: UUID, group_id: UUID | None = None
) -> Member:
    """Move a member to another branch, into one of its groups, from today; posts in the old one end, facts stay there.

    Raises:
        ForbiddenError: the actor keeps one branch only.
        NotFoundError: no such member or branch; who works for a community belongs to no branch and moves to none.
        OwnRecordError: it is the actor.
        HigherPostError: the member decides beside the actor or stands higher: the post ends first.
        GroupElsewhereError: the group is none of the new branch.
    """
    if not actor.may(Permission.MANAGE_ALL_PEOPLE):
        raise ForbiddenError
    member = reach.other_member(session, actor, member_id)
    reach.check_account(session, actor, member)
    old = reach.branch(session, actor, member.branch_id)
    new = reach.branch(session, actor, branch_id)
    if new.id == old.id:
        return member
    group = _group_name(session, new.id, group_id)
    posts.end_posts(
        session, actor, member, before=clock.today(), places=[place for place in (old.id, member.group_id) if place]
    )
    member.branch_id, member.group_id = new.id, group_id
    session.flush()
    gone = audit.changed({"branch": old.name}, {"branch": new.name})
    moved = gone | ({"group": (None, group)} if group else {})
    here = audit.Subject(member.name, member.id, old.id)
    audit.record(session, actor.member_id, AuditAction.MEMBER_MOVED_AWAY, here, gone)
    audit.record(session, actor.member_id, AuditAction.MEMBER_MOVED, member, moved)
    return member


def record_departure(session: Session, actor: Actor, *, member_id: UUID, left_on: date) -> Member:
    """The member no longer belongs to the branch from ``left_on``; all posts end the day before, history stays.

    Raises:
        OwnRecordError: it is the actor.
        HigherPostError: the member decides beside the actor or stands higher: the post ends first.
        DepartureFromAboveError: another day was recorded, and is not the actor's to change.
    """
    member = reach.other_member(session, actor, member_id)
    reach.check_account(session, actor, member)
    if member.left_on != left_on:
        reach.check_departure(session, actor, member)
    posts.end_posts(session, actor, member, before=left_on)
    before, member.left_on = member.left_on, left_on
    session.flush()
    if changes := audit.changed({"left_on": before}, {"left_on": left_on}):
        audit.record(session, actor.member_id, AuditAction.MEMBER_LEFT, member, changes)
    return member


def record_return(session: Session, actor: Actor, *, member_id: UUID) -> Member:
    """The member belongs to the branch again. Posts of before do not come back by themselves.

    Raises:
        OwnRecordError: it is the actor.
        DepartureFromAboveError: the departure was recorded from above, or the member decided here until then.
    """
    member = reach.other_member(session, actor, member_id)
    reach.check_departure(session, actor, member)
    before, member.left_on = member.left_on, None
    session.flush()
    if before:
        audit.record(
            session, actor.member_id, AuditAction.MEMBER_RETURNED, member, audit.changed({"left_on": before}, {})
        )
    return member


def _group_name(session: Session, branch_id: UUID, group_id: UUID | None) -> str | None:
    if group_id is None:
        return None
    name = session.scalars(_GROUP_NAME, {"group": group_id, "branch": branch_id}).one_or_none()
    if name is None:
        raise GroupElsewhereError
    return name


def _columns(details: MemberDetails) -> dict[str, object]:
    return {name: getattr(details, name) for name in DETAILS}


def _words(member: Member, group: str | None) -> dict[str, object]:
    """The member as the audit log keeps it: the group by its name, the phone masked."""
    columns = {name: getattr(member, name) for name in DETAILS if name != "group_id"}
    return columns | {"phone": masked_phone(member.phone), "group": group}
