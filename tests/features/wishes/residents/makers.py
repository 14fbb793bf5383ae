"""Posters, and wishes sent from them."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.private.rules import ConsentKind
from app.features.sign_in.tokens import digest
from app.features.slips.rules import new_code
from app.features.wishes.residents import service
from app.features.wishes.residents.models import WishPoster, WishSubmission
from app.features.wishes.residents.rules import ForWhom, SaidByResident, new_poster_token
from app.features.wishes.rules import Category
from tests.makers import Person, Place

TYPED: Final = {
    "need": "楼道的灯坏了半个月，晚上看不见台阶，请帮忙修一下。",
    "category": "repairs",
    "name": "周桂英",
    "phone": "138 1234 5678",
    "address": "荔园3栋201",
    "for_whom": "oneself",
    "agreed": "yes",
}


@dataclass(frozen=True)
class Sent:
    """A submission in a test."""

    id: UUID
    code: str
    community_id: UUID


def make_poster(session: Session, community: Place, by: Person) -> str:
    """A poster of the community; gives the word of its address."""
    poster = WishPoster(id=new_id(), community_id=community.id, token=new_poster_token(), made_by_id=by.id)
    session.add(poster)
    session.flush()
    return poster.token


def make_submission(session: Session, community: Place, network: str = "192.0.2.7", **values: Any) -> Sent:
    """What a resident sent from the community's poster."""
    poster_id = session.scalars(select(WishPoster.id).where(WishPoster.community_id == community.id)).one()
    told = SaidByResident(
        **{
            "need": TYPED["need"],
            "category": Category.REPAIRS,
            "wanted_by": None,
            "name": TYPED["name"],
            "phone": "13812345678",
            "address": TYPED["address"],
            "for_whom": ForWhom.ONESELF,
            "agreed": (ConsentKind.ORDINARY,),
            "guardian": "",
            **values,
        }
    )
    sent = service.send(
        session, poster_id=poster_id, community_id=community.id, network=network, receipt=new_code(), told=told
    )
    row = session.scalars(select(WishSubmission).where(WishSubmission.receipt_digest == digest(sent.code))).one()
    return Sent(row.id, sent.code, community.id)
