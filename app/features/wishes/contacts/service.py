"""Keeping, opening and erasing contacts, and comparing with them what others will read.

Who opens or erases one leaves a row; nothing else stays.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import gettext as _
from app.core.rows import locked, rowcount
from app.core.sealing import BrokenSealError, KeyMissingError, sealer
from app.features.members import audit, names
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.private.naming import names_somebody
from app.features.private.rules import ConsentKind, Contact, NamesSomebodyError
from app.features.wishes import queries as wishes
from app.features.wishes.contacts import queries, rules
from app.features.wishes.contacts.models import ContactErasure, ContactLook, WishConsent, WishContact
from app.features.wishes.contacts.rules import (
    Capacity,
    ErasedBecause,
    NoContactError,
    NotReadableError,
    ReasonMissingError,
)
from app.features.wishes.models import Wish, WishEvent
from app.features.wishes.rules import TERMINAL

PURGED_AT_ONCE: Final = 500
"""Contacts erased in one unit of work; the next sweep goes on."""
_CONTACT: Final = locked(select(WishContact).where(WishContact.wish_id == bindparam("wish")))
_PAST: Final = (
    select(WishContact)
    .join(Wish, Wish.id == WishContact.wish_id)
    .join(WishEvent, (WishEvent.wish_id == Wish.id) & (WishEvent.seq == Wish.steps))
    .where(Wish.status.in_(sorted(rules.OVER)), WishEvent.at <= bindparam("over_since"))
    .where(or_(Wish.status.in_(sorted(TERMINAL)), WishContact.kept_at <= bindparam("over_since")))
    .order_by(WishContact.wish_id)
    .limit(PURGED_AT_ONCE)
    .with_for_update(of=WishContact, skip_locked=True)
)


def keep(session: Session, *, wish_id: UUID, contact: Contact, by_id: UUID | None) -> None:
    """Keep what is said of a wisher; fields that say nothing leave what was kept before. The wish is locked already.

    ``by_id`` is ``None`` for the public form.
    """
    if not contact.filled:
        return
    row = _row(session, wish_id)
    whole = _opened(row).corrected(contact) if row else contact
    sealed = sealer().seal(whole.as_text(), belongs_to=wish_id)
    if row is None:
        row = WishContact(wish_id=wish_id)
        session.add(row)
    row.sealed, row.key_id, row.filled = sealed.text, sealed.key_id, list(whole.filled)
    row.kept_at, row.kept_by_id = clock.now(), by_id
    session.flush()


def record_consents(
    session: Session,
    *,
    wish_id: UUID,
    kinds: Collection[ConsentKind],
    by_id: UUID | None,
    version: str | None = None,
    given_at: datetime | None = None,
) -> None:
    """Note that the wisher agreed to these texts of today: now, or ``given_at`` to the ``version`` on a public form.

    Twice is once; a new version of the texts is a new row. The wish is locked already, so nobody else notes the same.
    """
    version = version or rules.version()
    known = {row.kind for row in queries.consents(session, wish_id) if row.version == version}
    session.add_all(
        WishConsent(wish_id=wish_id, kind=kind, version=version, recorded_by_id=by_id, given_at=given_at or clock.now())
        for kind in sorted(kinds)
        if kind not in known
    )
    session.flush()


def look(session: Session, actor: Actor, *, wish_id: UUID, reason: str = "") -> Contact:
    """Open the contact of a wish for the actor, and note it.

    Raises:
        NotReadableError: the actor sees the wish, but does not carry it now, nor answers for it.
        NoContactError: nothing is kept.
        ReasonMissingError: an officer has not said why.
    """
    wish = wishes.wish(session, actor, wish_id)
    capacity = queries.capacity(session, actor, wish_id)
    if capacity is None:
        raise NotReadableError
    row = _row(session, wish_id)
    if row is None:
        raise NoContactError
    if capacity is Capacity.OFFICER and not reason.strip():
        raise ReasonMissingError
    opened = _opened(row)
    _note(session, actor, wish, capacity, reason.strip())
    session.flush()
    return opened


class SearchResult(NamedTuple):
    """What a search found, and what it could not see."""

    ids: list[UUID]
    """Of the wishes."""
    broken: int = 0
    """Contacts that no key of the server opens: they stay as they are, for the key file that belongs to them."""
    has_older: bool = False
    """Older ones were not searched."""


def find(session: Session, actor: Actor, *, asked: str) -> SearchResult:
    """The wishes whose wisher is meant by part of a name, its pinyin, or the last digits of a number.

    Of the contacts that the actor may open as a collector or as the secretary who leads. It says who wishes what, so
    each find is noted like any other look, with why; the contact itself is not shown.

    Raises:
        TooShortError, TooManyMeantError: this would find whoever happens to be kept.
    """
    meant = rules.check_asked(asked)
    rows = session.execute(queries.OPENABLE, queries.openable_to(actor)).all()
    found, broken = [], 0
    for row in rows[: rules.MOST_SEARCHED]:
        try:
            kept = _opened(row)
        except BrokenSealError:
            broken += 1
            continue
        number = "".join(sign for sign in kept.phone if sign.isdecimal())
        if names.is_meant(meant, name=kept.name, pinyin=names.pinyin_key(kept.name), phone=number):
            found.append((row, Capacity.COLLECTOR if row.as_collector else Capacity.OFFICER))
    if len(found) > rules.MOST_MEANT:
        raise rules.TooManyMeantError
    for wish, capacity in found:
        _note(session, actor, wish, capacity, str(_("Found by name or number")))
    session.flush()
    return SearchResult([wish.id for wish, _capacity in found], broken, len(rows) > rules.MOST_SEARCHED)


def erase(session: Session, *, wish_id: UUID, because: ErasedBecause, by_id: UUID | None) -> bool:
    """Erase the contact of a wish, key or no key; gives whether there was one. What stays says when, why, how much."""
    row = _row(session, wish_id)
    if row is None:
        return False
    _erase(session, row, because, by_id)
    return True


def purge(session: Session, now: datetime) -> int:
    """Erase what is kept ``KEPT_FOR`` after the end of its wish, ``PURGED_AT_ONCE`` at most; gives the number."""
    past = session.scalars(_PAST, {"over_since": now - rules.KEPT_FOR}).all()
    for row in past:
        _erase(session, row, ErasedBecause.RETENTION, None)
    return len(past)


def check_sentence(session: Session, wish_id: UUID, *texts: str, at: str = "sentence") -> None:
    """Let texts pass that carry no number of a person, and neither name, number nor address of the wisher.

    ``at`` is the field in which they were typed.
    """
    said = [text for text in texts if text]
    if not said:
        return
    contact = kept_contact(session, wish_id)
    if any(names_somebody(text, contact) for text in said):
        raise NamesSomebodyError(at)


def kept_contact(session: Session, wish_id: UUID) -> Contact | None:
    """What is kept of the wisher, to compare a text with it: nobody reads it, so no look is noted.

    ``None`` where nothing is kept, or the server does not find the key; numbers are seen all the same.
    """
    row = session.get(WishContact, wish_id)
    try:
        return _opened(row) if row else None
    except (KeyMissingError, BrokenSealError):
        return None


def _note(session: Session, actor: Actor, wish: Any, capacity: Capacity, reason: str) -> None:
    """Note a look at the contact of ``wish`` (``id, code, branch_id``), for the wisher and in the audit log.

    Only of an officer the ``reason`` is kept: whose work it is need not say why.
    """
    said = reason if capacity is Capacity.OFFICER else None
    session.add(ContactLook(wish_id=wish.id, member_id=actor.member_id, capacity=capacity, reason=said))
    of_wish = audit.Subject(wish.code, wish.id, wish.branch_id)
    noted = audit.changed({}, {"capacity": capacity})
    audit.record(session, actor.member_id, AuditAction.CONTACT_OPENED, of_wish, noted)


def _row(session: Session, wish_id: UUID) -> WishContact | None:
    return session.scalars(_CONTACT, {"wish": wish_id}).one_or_none()


def _opened(row: Any) -> Contact:
    return Contact.from_text(sealer().open(row.sealed, belongs_to=row.wish_id))


def _erase(session: Session, row: WishContact, because: ErasedBecause, by_id: UUID | None) -> None:
    filled = len(row.filled)
    gone = delete(WishContact).where(WishContact.wish_id == row.wish_id)
    if rowcount(session.execute(gone)):
        session.add(ContactErasure(wish_id=row.wish_id, because=because, fields=filled, by_id=by_id))
    session.flush()
