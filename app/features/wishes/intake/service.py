"""A wish comes in: entered, completed, handed in, verified. Until it is handed in it can be changed.

Who answers for a community does this; what follows on what is decided by ``wishes/service.py``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.history.service import record
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.private.rules import ConsentKind, Contact, check_consents
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying.rules import check_estimate
from app.features.wishes.contacts import queries as kept
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.service import kept_contact
from app.features.wishes.intake import rules
from app.features.wishes.intake.rules import (
    CommunityMissingError,
    ContactMissingError,
    NoLeaderError,
    NotChangeableError,
    OwnTextError,
)
from app.features.wishes.models import Wish
from app.features.wishes.rules import TERMINAL, Category, Kind, Origin, Status
from app.features.wishes.service import NewWish

CHANGEABLE: Final = frozenset({Status.DRAFT, Status.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WishText:
    """What members will read."""

    title: str
    need: str
    category: Category
    kind: Kind | None = None
    yuan: int | None = None
    wanted_by: date | None = None


def enter(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (the house's word)
    community_id: UUID | None,
    text: WishText,
    contact: Contact | None = None,
    consents: Collection[ConsentKind] = (),
    is_child: bool = False,
) -> Wish:
    """Put a wish down as a draft, with its contact if it is known. The same id again is the same wish.

    Raises:
        CommunityMissingError: the actor answers for several communities.
        NoLeaderError: no branch does.
        PersonalDataError, DayPassedError: the text names somebody, or its day has passed.
        ConsentMissingError, SensitiveMissingError, GuardianMissingError: see ``private.rules.check_consents``.
    """
    contact = contact or Contact()
    members.lock(session, actor.member_id)  # the same form twice, at one moment: the second finds the first
    known = session.get(Wish, id)
    if known is not None:
        if known.entered_by_id != actor.member_id:
            raise NotFoundError
        return known
    place = choose([row.id for row in communities.answered(session, actor)], community_id)
    rules.check_says_nobody(text.title, text.need, contact=contact)
    check_consents(contact, consents, is_child=is_child)
    wish_rules.check_wanted_by(text.wanted_by, today=clock.today())
    origin = Origin.COLLECTOR if actor.may(Permission.COLLECT_WISHES) else Origin.OFFICER
    wish = put_down(session, id=id, community_id=place, text=text, origin=origin, by_id=actor.member_id)
    contacts.keep(session, wish_id=wish.id, contact=contact, by_id=actor.member_id)
    contacts.record_consents(session, wish_id=wish.id, kinds=consents, by_id=actor.member_id)
    return wish


def change(session: Session, actor: Actor, *, wish_id: UUID, text: WishText) -> Wish:
    """Write a draft, or one that was returned, anew; later an officer of the leading branch corrects it, with a trace.

    Raises:
        NotChangeableError, OwnTextError, EstimateLoweredError: see ``check_change``.
        PersonalDataError, DayPassedError: the text names somebody, or its day has passed.
    """
    wish = lock_answered(session, actor, wish_id)
    check_change(session, wish, actor, yuan=text.yuan)
    kind = text.kind or (wish.kind if text.category is wish.category else wish_rules.usual_kind(text.category))
    said = {**{name: getattr(text, name) for name in ("title", "need", "category", "yuan", "wanted_by")}, "kind": kind}
    changed = [name for name, value in said.items() if getattr(wish, name) != value]
    if "wanted_by" in changed:
        wish_rules.check_wanted_by(text.wanted_by, today=clock.today())
    rules.check_says_nobody(text.title, text.need, contact=kept_contact(session, wish_id))
    for name in changed:
        setattr(wish, name, said[name])
    if changed and wish.status not in CHANGEABLE:
        # the old words may be the very thing that had to go: neither they nor the new ones are kept
        record(session, "wish", wish_id, rules.Correction.TEXT, by_id=actor.member_id, fields=changed)
    session.flush()
    return wish


def add_contact(
    session: Session,
    actor: Actor,
    *,
    wish_id: UUID,
    contact: Contact,
    consents: Collection[ConsentKind],
    is_child: bool = False,
) -> Wish:
    """Add how to reach the wisher, or correct it; an empty field leaves what was kept.

    Raises:
        NotChangeableError: the wish has come to its end; no contact is kept any more.
        ConsentMissingError, SensitiveMissingError, GuardianMissingError: see ``private.rules.check_consents``.
        PersonalDataError: the text of the wish names the wisher.
    """
    wish = lock_answered(session, actor, wish_id)
    if wish.status in TERMINAL:
        raise NotChangeableError(state=wish.status.label)
    given = {row.kind for row in kept.consents(session, wish_id)} | set(consents)
    check_consents(contact, given, is_child=is_child)
    rules.check_says_nobody(wish.title, wish.need, contact=contact)
    contacts.keep(session, wish_id=wish_id, contact=contact, by_id=actor.member_id)
    contacts.record_consents(session, wish_id=wish_id, kinds=consents, by_id=actor.member_id)
    return wish


def hand_in(session: Session, actor: Actor, *, wish_id: UUID) -> Wish:
    """Hand a complete draft in for verification."""
    lock_answered(session, actor, wish_id)
    row = kept.kept(session, wish_id)
    if row is None or not {"phone", "address"} & set(row.filled):
        raise ContactMissingError
    return wish_service.submit(session, wish_id=wish_id, by_id=actor.member_id)


def verify(session: Session, actor: Actor, *, wish_id: UUID) -> Wish:
    """Say that the need is as written: for collectors and officers who have asked there.

    Raises:
        OwnAcceptanceError: the actor took it up from the public form.
    """
    lock_answered(session, actor, wish_id)
    return wish_service.verify(session, wish_id=wish_id, by_id=actor.member_id)


def lock_answered(session: Session, actor: Actor, wish_id: UUID) -> Wish:
    """A wish that the actor answers for, locked until the unit of work ends."""
    wishes.check_answers_for(session, actor, wish_id)
    return wish_service.lock_wish(session, wish_id)


def put_down(
    session: Session,
    *,
    id: UUID,  # noqa: A002 (the house's word)
    community_id: UUID,
    text: WishText,
    origin: Origin,
    by_id: UUID,
) -> Wish:
    """Put a wish down in a community, for callers that know that ``by_id`` may.

    Raises:
        NoLeaderError: no branch looks after the community.
        PersonalDataError: the text names somebody.
    """
    leader = communities.leader(session, community_id)
    if leader is None:
        raise NoLeaderError
    rules.check_says_nobody(text.title, text.need)
    return wish_service.enter(
        session,
        NewWish(
            id=id,
            community_id=community_id,
            branch_id=leader,
            title=text.title,
            need=text.need,
            category=text.category,
            kind=text.kind or wish_rules.usual_kind(text.category),
            yuan=text.yuan,
            wanted_by=text.wanted_by,
            origin=origin,
            entered_by_id=by_id,
        ),
    )


def choose(communities_of_actor: Collection[UUID], community_id: UUID | None) -> UUID:
    """The community that is meant, or the only one.

    Raises:
        CommunityMissingError: there are several, and none was said.
    """
    chosen = community_id or rules.the_only(communities_of_actor)
    if chosen is None:
        raise CommunityMissingError
    if chosen not in communities_of_actor:
        raise NotFoundError
    return chosen


def may_change(session: Session, actor: Actor, *, wish_id: UUID, status: Status, branch_id: UUID) -> bool:
    """Whether the actor, who answers for such a wish, may write its text anew now.

    A draft is free. Later an officer of the leading branch corrects the text, with a trace; nobody who ever took part
    in the wish does.
    """
    return _may_write(actor, status, branch_id) and not carrying.ever_took_part(session, wish_id, actor.member_id)


def check_change(session: Session, wish: Wish, actor: Actor, *, yuan: int | None) -> None:
    """Let the actor, who answers for the wish, write its text anew with an estimate of ``yuan``; see ``may_change``.

    Once it was published its estimate may rise, but never fall to where more people may claim it, and whoever has
    corrected it claims it no more: nobody makes a dear wish cheap for oneself.

    Raises:
        NotChangeableError: it is with the officers and the actor is none, or it has come to its end.
        OwnTextError: the actor takes part in it, or has.
        EstimateLoweredError: it was published, and more people could claim it than before.
    """
    if not _may_write(actor, wish.status, wish.branch_id):
        raise NotChangeableError(state=wish.status.label)
    if carrying.ever_took_part(session, wish.id, actor.member_id):
        raise OwnTextError
    if wish.published_at is not None:
        check_estimate(wish.yuan, yuan)


def _may_write(actor: Actor, status: Status, branch_id: UUID) -> bool:
    if status in TERMINAL:
        return False
    leads = actor.may(Permission.APPROVE) and branch_id == actor.branch_id
    return leads or status in CHANGEABLE
