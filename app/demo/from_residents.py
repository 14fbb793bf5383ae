"""What residents hand in behind the posters, and the story of a wish that came true. Nobody is meant."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.ids import new_id
from app.demo import wishing
from app.demo.communities import Community
from app.features.private.rules import ConsentKind
from app.features.slips.rules import new_code
from app.features.wishes.models import Wish
from app.features.wishes.residents import service as public
from app.features.wishes.residents.models import WishPoster
from app.features.wishes.residents.rules import SIGNS, TOKEN_LENGTH, ForWhom, SaidByResident
from app.features.wishes.rules import Category
from app.features.wishes.stories import service as stories
from app.features.wishes.stories.rules import AgreedHow

PUT_UP: Final = timedelta(days=75)
"""Since when the poster hangs, before today."""
NETWORK: Final = "192.0.2.{}"
"""Of the addresses that belong to nobody (RFC 5737)."""
_AGREED: Final = (ConsentKind.ORDINARY,)
SENT: Final = (
    (
        2,
        SaidByResident(
            need="楼道的声控灯坏了半个月，晚上老人上下楼看不清台阶，请帮忙看看。我是3栋的。",
            category=Category.REPAIRS,
            wanted_by=None,
            name="方秀兰",
            phone="13800009181",
            address="南里3号201",
            for_whom=ForWhom.ONESELF,
            agreed=_AGREED,
            guardian="",
        ),
    ),
    (
        1,
        SaidByResident(
            need="想请人教我用手机挂号，孩子不在身边，每次去医院都排很久的队。",
            category=Category.COMPANY,
            wanted_by=None,
            name="丁国强",
            phone="13800009182",
            address="",
            for_whom=ForWhom.ONESELF,
            agreed=_AGREED,
            guardian="",
        ),
    ),
)
"""What waits to be read, and how many days ago it came."""
STORY: Final = (
    "以前量血压要走到街上的药店，下雨天就不去了。现在早晚在家量一次，数字读出来听得清清楚楚。"
    "老人说：“心里有数，睡得也踏实。”"
)
STORY_AGO: Final = 3
_TOLD_OF: Final = select(Wish.id).where(
    Wish.community_id == bindparam("community"), Wish.title == bindparam("title"), Wish.status == "realised"
)


def hear_residents(session: Session, community: Community, today: date) -> None:
    """Put up the community's poster, let two residents write, and tell a story.

    Without the key of contacts nothing comes in: it could not be sealed.
    """
    poster = _put_up(session, community, today)
    if sealing.has_key():
        for ago, told in SENT:
            with clock.standing_at(_on(today, ago, 20)):
                public.send(
                    session,
                    poster_id=poster.id,
                    community_id=community.id,
                    network=NETWORK.format(ago),
                    receipt=new_code(),
                    told=told,
                )
    wish_id = session.scalars(_TOLD_OF, {"community": community.id, "title": wishing.METER.title}).first()
    if wish_id is not None:
        _tell(session, community, wish_id, today)


def _put_up(session: Session, community: Community, today: date) -> WishPoster:
    with clock.standing_at(clock.at(today - PUT_UP, time(9))):
        poster = WishPoster(id=new_id(), community_id=community.id, made_by_id=community.collector_id)
        poster.token = _word(new_id())
        poster.made_at = clock.now()
    session.add(poster)
    session.flush()
    return poster


def _word(made_of: UUID) -> str:
    """The word of an address, the same again for the same invented organ."""
    rest, word = made_of.int, ""
    while len(word) < TOKEN_LENGTH:
        rest, sign = divmod(rest, len(SIGNS))
        word += SIGNS[sign]
    return word


def _tell(session: Session, community: Community, wish_id: UUID, today: date) -> None:
    told = stories.StoryText(
        story=STORY, agreed=True, agreed_how=AgreedHow.SPOKEN, agreed_on=today - timedelta(days=STORY_AGO)
    )
    with clock.standing_at(_on(today, STORY_AGO, 11)):
        stories.tell(session, community.collector, wish_id=wish_id, told=told)


def _on(today: date, ago: int, hour: int) -> datetime:
    return clock.at(today - timedelta(days=ago), time(hour))
