"""Which member an account of outside belongs to: linked by the person, or once by a member number."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import AnyRow
from app.core.sealing import BrokenSealError, sealer
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.powers import posts_ahead
from app.features.members.rules import AuditAction
from app.features.sign_in import known_devices
from app.features.sign_in.factors import queries as factors
from app.features.sign_in.models import Credential, SignInSession
from app.features.sign_in.outside import rules
from app.features.sign_in.outside.errors import (
    LinkedAlreadyError,
    LinkedElsewhereError,
    OwnWordFirstError,
    PostNeedsMoreError,
    StaleOfferError,
    StepFirstError,
    UnknownOutsideError,
)
from app.features.sign_in.outside.models import OutsideLink, OutsideSession
from app.features.sign_in.outside.rules import MadeBy, OutsideIdentity, Way, WayIn
from app.features.sign_in.queries import BY_WORD_ALONE

OFFER_LASTS: Final = timedelta(minutes=10)
_DAY: Final = bindparam("day", type_=Member.left_on.type)
_IS_HERE: Final = Member.is_here(_DAY)
_LINKED: Final = (
    select(OutsideLink.member_id, OutsideLink.made_by)
    .join(Member, Member.id == OutsideLink.member_id)
    .where(OutsideLink.subject_digest == bindparam("subject"), _IS_HERE)
)
_NUMBERED: Final = (
    select(Member)
    .where(Member.member_number == bindparam("number"), _IS_HERE)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_OWN: Final = (
    select(OutsideLink.id, OutsideLink.way, OutsideLink.label, OutsideLink.made_by, OutsideLink.linked_at)
    .where(OutsideLink.member_id == bindparam("member"))
    .order_by(OutsideLink.way)
)


def own(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The actor's links; nobody else's are ever listed."""
    return session.execute(_OWN, {"member": actor.member_id}).all()


def whose(session: Session, said: OutsideIdentity) -> UUID | None:
    """The present member who is linked with what was said."""
    row = _linked(session, said)
    return row.member_id if row else None


def entering(session: Session, said: OutsideIdentity, *, way: str, is_believed: bool) -> UUID:
    """Whose account opens to what was said, linked now where a believed number says whose it is.

    Raises:
        UnknownOutsideError: nobody's.
        PostNeedsMoreError: of somebody with a post, who needs more than that.
    """
    member_id = whose(session, said)
    if member_id:
        members.lock(session, member_id)  # as a slip, an end and a reset do: what they have taken away opens nothing
    row = _linked(session, said)
    if row is None:
        return _by_number(session, said, way=way, is_believed=is_believed)
    entry = rules.entry_by_link(
        made_by=row.made_by,
        has_post=_has_post(session, row.member_id),
        has_factor=factors.number(session, row.member_id) > 0,
    )
    if entry is not WayIn.OPEN:
        raise PostNeedsMoreError
    found: UUID = row.member_id
    return found


def check_may_link(session: Session, actor: Actor) -> None:
    """Let pass who may link an account.

    Raises:
        StepFirstError: a post wants a second step first.
        OwnWordFirstError: only somebody outside has said who the actor is; that word makes no other one.
    """
    if session.execute(BY_WORD_ALONE, {"session": actor.session_id}).first():
        raise OwnWordFirstError
    has_factor = factors.number(session, actor.member_id) > 0
    if not rules.may_link(has_post=_has_post(session, actor.member_id), has_factor=has_factor):
        raise StepFirstError


def offer(actor: Actor, said: OutsideIdentity) -> str:
    """What was said, sealed for this session: the person looks at it and links it, or not."""
    content = {
        "session": str(actor.session_id),
        "until": (clock.now() + OFFER_LASTS).timestamp(),
        "said": [said.way.value, said.place, said.subject, said.label],
    }
    return sealer().seal(json.dumps(content), belongs_to=actor.member_id).text


def accept(session: Session, actor: Actor, offered: str, *, called: Callable[[Way], str]) -> str:
    """Link what was offered with the actor; gives what people call the way.

    Raises:
        StaleOfferError: it is too old, or was made for another session.
        StepFirstError: a post wants a second step first.
        LinkedElsewhereError: somebody else is linked with it.
        LinkedAlreadyError: another account of this way is linked with the actor.
        OwnWordFirstError: see ``check_may_link``.
    """
    try:
        content = json.loads(sealer().open(offered, belongs_to=actor.member_id))
    except (BrokenSealError, ValueError):
        raise StaleOfferError from None
    if content["session"] != str(actor.session_id) or content["until"] < clock.now().timestamp():
        raise StaleOfferError
    kind, place, subject, label = content["said"]
    said = OutsideIdentity(Way(kind), place, subject, label)
    way = called(said.way)
    members.lock(session, actor.member_id)
    check_may_link(session, actor)
    present = session.scalars(
        select(OutsideLink).where(OutsideLink.member_id == actor.member_id, OutsideLink.way == said.way)
    ).one_or_none()
    if present is None:
        _add(session, session.get_one(Member, actor.member_id), said, MadeBy.SELF, way=way)
    elif present.subject_digest != said.digest:
        raise LinkedAlreadyError(way=way)
    else:  # by the number so far: now the person says so
        present.made_by, present.label = MadeBy.SELF, said.label
    return way


def end(session: Session, actor: Actor, *, link_id: UUID, called: Callable[[Way], str]) -> None:
    """End one of the actor's own links, and whatever it has opened elsewhere."""
    members.lock(session, actor.member_id)
    ended = session.execute(
        delete(OutsideLink)
        .where(OutsideLink.id == link_id, OutsideLink.member_id == actor.member_id)
        .returning(OutsideLink.way, OutsideLink.label)
    ).one_or_none()
    if ended is None:
        raise NotFoundError
    out = session.scalars(
        update(SignInSession)
        .where(
            SignInSession.member_id == actor.member_id,
            exists().where(OutsideSession.session_id == SignInSession.id, OutsideSession.way == ended.way),
            SignInSession.ended_at.is_(None),
            SignInSession.id != actor.session_id,
        )
        .values(ended_at=clock.now())
        .returning(SignInSession.id)
    ).all()
    for session_id in out:
        known_devices.forget_session(session, session_id)
    changes = audit.changed({"way": f"{called(ended.way)}: {ended.label}"}, {})
    audit.record(session, actor.member_id, AuditAction.ACCOUNT_UNLINKED, actor, changes)


def end_all(session: Session, member_id: UUID) -> None:
    """End every link of a member who begins anew with a slip: whoever had the account is out."""
    session.execute(delete(OutsideLink).where(OutsideLink.member_id == member_id))


def _linked(session: Session, said: OutsideIdentity) -> AnyRow | None:
    return session.execute(_LINKED, {"subject": said.digest, "day": clock.today()}).one_or_none()


def _has_post(session: Session, member_id: UUID) -> bool:
    return rules.decides(posts_ahead(session, [member_id])[member_id])


def _by_number(session: Session, said: OutsideIdentity, *, way: str, is_believed: bool) -> UUID:
    """Link the account with the claimed number if nobody has ever opened it.

    Whoever took the member in, or has given another number since, has opened it in this way and stays bound (0026).
    """
    asked = {"number": said.number, "day": clock.today()}
    member = session.scalars(_NUMBERED, asked).one_or_none() if is_believed and said.number else None
    if member is None:
        raise UnknownOutsideError(way=way)
    entry = rules.entry_by_number(
        is_believed=is_believed,
        was_opened=member.opened_at is not None or session.get(Credential, member.id) is not None,
        is_linked=bool(session.execute(_OWN, {"member": member.id}).first()),
        has_post=_has_post(session, member.id),
    )
    if entry is not WayIn.BY_NUMBER:
        raise UnknownOutsideError(way=way)
    member.opened_by_id, member.opened_at = member.added_by_id, clock.now()
    _add(session, member, said, MadeBy.NUMBER, way=way)
    return member.id


def _add(session: Session, member: Member, said: OutsideIdentity, made_by: MadeBy, *, way: str) -> None:
    link: dict[str, Any] = {"way": said.way, "subject_digest": said.digest, "label": said.label}
    try:
        with session.begin_nested():
            session.add(OutsideLink(member_id=member.id, made_by=made_by, **link))
    except IntegrityError:  # of two at one moment the database lets one through
        raise LinkedElsewhereError(way=way) from None
    by = member.id if made_by is MadeBy.SELF else None
    audit.record(session, by, AuditAction.ACCOUNT_LINKED, member, audit.changed({}, {"way": f"{way}: {said.label}"}))
