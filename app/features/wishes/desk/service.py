"""What the leading branch decides, and what is done on the wisher's word."""

from datetime import date, datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.core.errors import AppError, NotFoundError
from app.core.i18n import gettext as _
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission
from app.features.private.rules import Contact
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.rules import ErasedBecause, NoContactError
from app.features.wishes.contacts.service import check_sentence
from app.features.wishes.desk import queries, rules
from app.features.wishes.desk.models import PublishingDay, PublishingPlan
from app.features.wishes.desk.rules import NeedsContactError, NoDayError
from app.features.wishes.intake.service import lock_answered
from app.features.wishes.models import Wish
from app.features.wishes.rules import Status, Step
from app.features.wishes.wisher import service as withdrawal

_PLANS: Final = cast(Table, PublishingPlan.__table__)
_LED_BY_ACTOR: Final = select(Wish.id).where(Wish.id == bindparam("wish"), Wish.branch_id == bindparam("branch"))
_DUE: Final = (
    select(PublishingPlan.wish_id, PublishingPlan.planned_by_id)
    .join(Wish, Wish.id == PublishingPlan.wish_id)
    .where(PublishingPlan.due_on <= bindparam("today"))
    .order_by(Wish.round.desc(), Wish.entered_at, Wish.id)
)
_UNPLANNED: Final = (
    select(Wish.id, Wish.published_by_id, PublishingDay.day)
    .join(PublishingDay, PublishingDay.branch_id == Wish.branch_id)
    .where(Wish.status == Status.NEXT_ROUND, ~exists().where(PublishingPlan.wish_id == Wish.id))
    .order_by(Wish.id)
)
_UNPLAN: Final = delete(PublishingPlan).where(PublishingPlan.wish_id == bindparam("planned"))
NEEDS_NO_CONTACT: Final = frozenset({Status.REALISED, Status.CLOSED, Status.REFERRED, Status.EXPIRED})


def return_to_collector(session: Session, actor: Actor, *, wish_id: UUID, reason: str) -> Wish:
    """Give a wish back with a sentence that says what is missing.

    Raises:
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    _check_leads(session, actor, wish_id)
    check_sentence(session, wish_id, reason, at="reason")
    _unplan(session, wish_id)
    return wish_service.return_for_details(session, wish_id=wish_id, by_id=actor.member_id, reason=reason)


def refer(session: Session, actor: Actor, *, wish_id: UUID, channel: str, sentence: str) -> Wish:
    """Say kindly that a wish is in better hands elsewhere, and where.

    Raises:
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    _check_leads(session, actor, wish_id)
    check_sentence(session, wish_id, channel, sentence)
    _unplan(session, wish_id)
    return wish_service.refer(session, wish_id=wish_id, by_id=actor.member_id, channel=channel, sentence=sentence)


def publish(session: Session, actor: Actor, *, wish_id: UUID) -> Wish:
    """Show a wish to the paired branches now.

    Raises:
        OwnEntryError, OwnAcceptanceError: the actor entered it, or took it up and nobody else has verified it.
        BoundByAccountError: who did so came in by the actor's hand, or the actor by theirs.
        DayPassedError: it is wanted by a day that has passed.
    """
    _check_leads(session, actor, wish_id)
    _unplan(session, wish_id)
    return wish_service.publish(session, wish_id=wish_id, by_id=actor.member_id)


def publish_in_round(session: Session, actor: Actor, *, wish_id: UUID) -> date:
    """Let a wish go out with the branch's next round; gives that day. The sweep publishes it then.

    Raises:
        OwnEntryError, OwnAcceptanceError: the actor entered it, or took it up and nobody else has verified it.
        BoundByAccountError: who did so came in by the actor's hand, or the actor by theirs.
        NoDayError: the branch has no day of publishing.
    """
    _check_leads(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    wish_service.check_entered_by_other(session, wish, actor.member_id)
    wish_rules.LIFE.check(wish.status, Step.PUBLISH)
    due_on = queries.next_round(session, wish.branch_id, clock.today())
    if due_on is None:
        raise NoDayError
    if wish.verified_at is None:
        wish_service.verify(session, wish_id=wish_id, by_id=actor.member_id)
    _plan(session, wish_id, due_on=due_on, by_id=actor.member_id)
    return due_on


def take_out_of_round(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Let a wish wait longer. Twice is once."""
    _check_leads(session, actor, wish_id)
    _unplan(session, wish_id)


def put_off(session: Session, actor: Actor, *, wish_id: UUID, wanted_by: date | None = None) -> Wish:
    """Let a wish that nobody claimed go into the next round, where it goes first.

    Raises:
        DayPassedError: the later day has passed too.
    """
    _check_leads(session, actor, wish_id)
    return wish_service.put_off(session, wish_id=wish_id, by_id=actor.member_id, wanted_by=wanted_by)


def set_day(session: Session, actor: Actor, *, day: int | None) -> None:
    """Choose the day of the month on which the actor's branch publishes; ``None`` means whenever an officer does."""
    row = session.get(PublishingDay, actor.branch_id, with_for_update=True)
    changes = audit.changed({"publishing_day": row and row.day}, {"publishing_day": day})
    if day is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(PublishingDay(branch_id=actor.branch_id, day=day, set_by_id=actor.member_id))
    else:
        row.day, row.set_by_id, row.set_at = day, actor.member_id, clock.now()
    if changes:
        branch = audit.Subject(actor.branch_name, actor.branch_id, actor.branch_id)
        audit.record(session, actor.member_id, AuditAction.SETTINGS_CHANGED, branch, changes)
    session.flush()


def publish_due(session: Session, now: datetime) -> int:
    """Publish what waits for a round that has come, those from earlier rounds first; gives the number.

    A wish that nobody claimed gets its place in the next round here, in the name of who published it before. What can
    no longer go out (its day has passed meanwhile) only loses its place; the desk shows it.
    """
    today = clock.local_day(now)
    for again in session.execute(_UNPLANNED).all():
        due_on = rules.next_round(again.day, today + rules.A_DAY)
        _plan(session, again.id, due_on=due_on, by_id=again.published_by_id)
    published = 0
    for wish_id, planned_by_id in session.execute(_DUE, {"today": today}).all():
        _unplan(session, wish_id)
        try:
            with session.begin_nested():
                wish_service.publish(session, wish_id=wish_id, by_id=planned_by_id)
                published += 1
        except AppError:
            continue
    return published


def withdraw(session: Session, actor: Actor, *, wish_id: UUID) -> Wish:
    """Take a wish back on the wisher's word: its contact is erased, its claim ends, whoever carried it is told.

    Raises:
        StepRefusedError: it has come to its end already.
    """
    lock_answered(session, actor, wish_id)
    return withdrawal.withdraw(session, wish_id=wish_id, by_id=actor.member_id)


def erase_contact(session: Session, actor: Actor, *, wish_id: UUID) -> bool:
    """Erase the contact at the wisher's wish, before its time; gives whether there was one.

    Raises:
        NeedsContactError: somebody still has to reach the wisher; the wish can be taken back instead.
    """
    wish = lock_answered(session, actor, wish_id)
    if wish.status not in NEEDS_NO_CONTACT:
        raise NeedsContactError(state=wish.status.label)
    return contacts.erase(session, wish_id=wish_id, because=ErasedBecause.ASKED, by_id=actor.member_id)


def look_for_sheet(session: Session, actor: Actor, *, wish_id: UUID) -> Contact | None:
    """Open the contact for the wisher's own sheet, and note it; ``None`` where nothing is kept.

    Raises:
        NotFoundError, NotReadableError, KeyMissingError, BrokenSealError: see ``contacts.service.look``.
    """
    try:
        return contacts.look(session, actor, wish_id=wish_id, reason=_("Sheet for the wisher"))
    except NoContactError:
        return None


def _plan(session: Session, wish_id: UUID, *, due_on: date, by_id: UUID) -> None:
    row = {"wish_id": wish_id, "due_on": due_on, "planned_by_id": by_id, "planned_at": clock.now()}
    session.execute(insert_ignoring_duplicates(session, _PLANS), [row])


def _unplan(session: Session, wish_id: UUID) -> None:
    session.execute(_UNPLAN, {"planned": wish_id})


def _check_leads(session: Session, actor: Actor, wish_id: UUID) -> None:
    """Let officers of the branch pass that answers for the wish."""
    asked = {"wish": wish_id, "branch": actor.branch_id}
    if not actor.may(Permission.APPROVE) or session.scalar(_LED_BY_ACTOR, asked) is None:
        raise NotFoundError
