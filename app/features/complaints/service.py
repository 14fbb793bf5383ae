"""Sending into the box, taking back, answering."""

from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.db import Database, refusing
from app.core.errors import BadInputError
from app.core.rows import rowcount
from app.features.complaints import queries
from app.features.complaints.errors import NotWaitingError, SentBeforeError
from app.features.complaints.models import Complaint
from app.features.complaints.rules import KEPT_AFTER, Reader, SheetLine, State, check_room, due_on, place_of
from app.features.members.actor import Actor
from app.features.sign_in.tokens import digest
from app.features.slips.rules import code_of

_ONCE: Final = MappingProxyType({"pk_complaints": SentBeforeError})
_FORGOTTEN: Final = (
    delete(Complaint)
    .where(Complaint.state != State.WAITING, Complaint.ended_on < bindparam("before"))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """What somebody writes."""

    said: str
    form: UUID = field(default_factory=uuid4)
    """The form that it was written in; not kept, so that nothing leads from the complaint to a page somebody had."""
    reader: Reader = Reader.ABOVE
    about_id: UUID | None = None
    line: SheetLine | None = None
    signed: bool = True


def send(session: Session, actor: Actor | None, new: NewComplaint) -> str | None:
    """Put a complaint before those who answer; gives the code of its receipt where it is not signed.

    The same from the same form twice is one complaint, and gives the same code.

    Raises:
        SentBeforeError: it was taken back meanwhile, or comes from the same form at the same moment.
        BadInputError: whom it is about holds no post here.
        NobodyAnswersError: everybody who could is the sender, or is complained about.
        TooManyTodayError, FullError: there is no room for it just now.
    """
    ladder = queries.ladder(session, actor)
    answerers = queries.answerers(session, ladder)
    me = actor.member_id if actor else None
    if new.about_id is not None and new.about_id not in {name for held in answerers.values() for name in held} - {me}:
        raise BadInputError
    place_id = place_of(ladder, answerers, reader=new.reader, about=new.about_id, sender=me)
    signed = actor if new.signed else None
    waiting = queries.waiting_in(session, place_id)
    complaint_id, code = names_of(new, signed)
    if (before := session.get(Complaint, complaint_id)) is not None:
        if before.state is State.WITHDRAWN:
            raise SentBeforeError
        return code
    check_room(waiting=waiting, of_sender_today=queries.sent_today(session, signed) if signed else 0)
    today = clock.today()
    with refusing(session, _ONCE):
        session.add(
            Complaint(
                id=complaint_id,
                place_id=place_id,
                sender_id=signed.member_id if signed else None,
                receipt_digest=digest(code) if code else None,
                about_id=new.about_id,
                line_year=new.line.year if new.line else None,
                line_rule=new.line.rule if new.line else None,
                said=new.said,
                sent_on=today,
                due_on=due_on(today, holidays.calendar(session)),
            )
        )
    return code


def names_of(new: NewComplaint, signed: Actor | None) -> tuple[UUID, str | None]:
    """The id of what is kept of ``new``, and the code of its receipt where it is not signed.

    Both come of the form and what was said in it, so that other words are another complaint; neither tells the other.
    """
    by = signed.member_id if signed else None
    whole = "\n".join(str(part) for part in (new.form, by, new.reader, new.about_id, new.line, new.said))
    return UUID(digest(f"id\n{whole}")[:32], version=4), None if signed else code_of(f"code\n{whole}")


def is_here(units: Database, new: NewComplaint) -> bool:
    """Whether exactly this is here without a name: its sender hears the code once more, and no other one is counted."""
    with units.read() as session:
        return session.get(Complaint, names_of(new, None)[0]) is not None


def withdraw(session: Session, complaint: Complaint) -> None:
    """Take back a locked complaint; nothing of what it said is kept. Twice is once."""
    if complaint.state is State.WITHDRAWN:
        return
    if complaint.state is not State.WAITING:
        raise NotWaitingError
    complaint.state, complaint.said, complaint.ended_on = State.WITHDRAWN, "", clock.today()
    complaint.about_id = complaint.line_year = complaint.line_rule = None
    session.flush()


def answer(session: Session, actor: Actor, *, complaint_id: UUID, words: str) -> None:
    """Answer a complaint for good. The same words twice are one answer.

    Raises:
        NotWaitingError: somebody else has answered, or it was taken back.
    """
    complaint = queries.lock_to_answer(session, actor, complaint_id)
    if complaint.state is State.ANSWERED and complaint.answered_by_id == actor.member_id and complaint.answer == words:
        return
    if complaint.state is not State.WAITING:
        raise NotWaitingError
    complaint.state, complaint.answer = State.ANSWERED, words
    complaint.answered_by_id, complaint.ended_on = actor.member_id, clock.today()
    session.flush()


def forget(session: Session, now: datetime) -> int:
    """Erase what was answered or taken back ``KEPT_AFTER`` ago; gives how many."""
    done = session.execute(_FORGOTTEN, {"before": clock.local_day(now) - KEPT_AFTER})
    return rowcount(done)
