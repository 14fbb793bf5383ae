"""The wisher's word: the wish is taken back, or the contact is to be erased. Both happen at once."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.wishes import withdrawal
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.rules import ErasedBecause
from app.features.wishes.intake.service import held
from app.features.wishes.models import Wish
from app.features.wishes.rights.errors import NeedsContactError
from app.features.wishes.rules import STATUS_LABELS, Status

NEEDS_NO_CONTACT: Final = frozenset({Status.REALISED, Status.CLOSED, Status.DECLINED, Status.EXPIRED})


def withdraw(session: Session, actor: Actor, *, wish_id: UUID) -> Wish:
    """Take a wish back on the wisher's word: its contact is erased, its claim ends, whoever held it is told.

    Raises:
        NotFoundError: no such wish that the actor answers for.
        StepRefusedError: it has come to its end already.
    """
    held(session, actor, wish_id)
    return withdrawal.withdraw(session, wish_id=wish_id, by_id=actor.member_id)


def erase_contact(session: Session, actor: Actor, *, wish_id: UUID) -> bool:
    """Erase the contact at the wisher's wish, before its time; gives whether there was one.

    Raises:
        NotFoundError: no such wish that the actor answers for.
        NeedsContactError: somebody still has to reach the wisher; the wish can be taken back instead.
    """
    wish = held(session, actor, wish_id)
    if wish.status not in NEEDS_NO_CONTACT:
        raise NeedsContactError(state=STATUS_LABELS[wish.status])
    return contacts.erase(session, wish_id=wish_id, because=ErasedBecause.ASKED, by_id=actor.member_id)
