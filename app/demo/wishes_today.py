"""The wishes that stand on the boards and desks today: something in every state, through the services people use."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at
from app.demo import wishing
from app.demo.communities import Community
from app.demo.people import Branch, Person
from app.demo.wishing import HANDED_OVER, Wished
from app.features.members.actor import Actor
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import claims, fulfilment
from app.features.wishes.rules import ClaimKind, Origin
from app.features.wishes.service import NewWish
from app.features.wishes.wisher import service as withdrawal

SOME_PEOPLE: Final = 9
"""Members a branch needs, so that its wishes of today are in the hands of different people."""
CHANNEL: Final = "街道民政办救助窗口"


def wish_today(session: Session, branch: Branch, community: Community, today: date) -> None:
    """Let the community's wishes of the last weeks come to where they stand on ``today``; the branch leads there."""
    telling = _Telling(session, branch, community, today)
    if branch.number == 1 and len(branch.people) >= SOME_PEOPLE:
        _first_community(telling)
    else:
        _second_community(telling)


class _Telling:
    """Tells what happened so many days ago."""

    def __init__(self, session: Session, branch: Branch, community: Community, today: date) -> None:
        self.session = session
        self.branch = branch
        self.community = community
        self.today = today

    def draft(self, what: Wished, ago: int, wanted_in: int | None = None) -> UUID:
        """The collector enters a wish that helps until ``wanted_in`` days from today."""
        new = NewWish(
            id=self._id(ago),
            community_id=self.community.id,
            branch_id=self.community.led_by,
            title=what.title,
            need=what.need,
            category=what.category,
            kind=what.kind,
            yuan=what.yuan,
            wanted_by=None if wanted_in is None else self.today + timedelta(days=wanted_in),
            origin=Origin.COLLECTOR,
            entered_by_id=self.community.collector_id,
        )
        self.at(ago, 9, wish_service.enter, new)
        return new.id

    def handed_in(self, what: Wished, ago: int, wanted_in: int | None = None) -> UUID:
        """The same, waiting for verification."""
        wish_id = self.draft(what, ago, wanted_in)
        self.at(ago, 10, wish_service.submit, wish_id=wish_id, by_id=self.community.collector_id)
        return wish_id

    def published(self, what: Wished, ago: int, wanted_in: int | None = None) -> UUID:
        """The same, on the board since ``ago`` days."""
        wish_id = self.handed_in(what, ago + 2, wanted_in)
        self.at(ago, 9, wish_service.publish, wish_id=wish_id, by_id=self.branch.secretary.id)
        return wish_id

    def claimed(self, what: Wished, ago: int, who: Person, kind: ClaimKind = ClaimKind.ALONE) -> UUID:
        """The same, claimed ``ago`` days before today."""
        wish_id = self.published(what, ago + 3)
        self.at(ago, 12, claims.claim, self.who(who), wish_id=wish_id, kind=kind)
        return wish_id

    def fulfilled(self, what: Wished, ago: int, who: Person) -> UUID:
        """The same, handed over ``ago`` days before today."""
        wish_id = self.claimed(what, ago + 9, who)
        self.at(ago + 7, 13, claims.contacted, self.who(who), wish_id=wish_id)
        self.at(
            ago,
            16,
            fulfilment.fulfil,
            self.who(who),
            wish_id=wish_id,
            sentence=HANDED_OVER[what.kind],
            day=self.today - timedelta(days=ago),
        )
        return wish_id

    def realised(self, what: Wished, ago: int, who: Person) -> UUID:
        """The same, confirmed the day after."""
        wish_id = self.fulfilled(what, ago, who)
        self.at(ago - 1, 10, fulfilment.confirm_realised, self.community.collector, wish_id=wish_id)
        return wish_id

    def at(self, ago: int, hour: int, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Let ``act`` happen then."""
        with clock.standing_at(clock.at(self.today - timedelta(days=ago), time(hour))):
            return act(self.session, *args, **kwargs)

    def who(self, person: Person) -> Actor:
        """``person`` as the one who is asking."""
        return self.branch.actor(person)

    def _id(self, ago: int) -> UUID:
        return id_at(clock.at(self.today - timedelta(days=ago), time(9)))


def _first_community(tell: _Telling) -> None:
    """Everything that can be seen on the screens: what waits, what is in hands, what came true, what went aside."""
    people = tell.branch.people
    deputy, her, member, colleague = people[1], people[2], people[3], people[6]
    tell.published(wishing.RADIO, 6, 18)
    tell.published(wishing.BOOKS, 4, 28)
    tell.published(wishing.CUSHION, 3)
    tell.published(wishing.WASHER, 5)
    waited = tell.published(wishing.CLINIC, 40)
    tell.at(20, 9, wish_service.put_off, wish_id=waited, by_id=tell.branch.secretary.id)
    tell.at(2, 9, wish_service.publish, wish_id=waited, by_id=tell.branch.secretary.id)
    tell.claimed(wishing.LAMP, 1, deputy)
    learning = tell.claimed(wishing.PHONE, 12, her)
    tell.at(8, 13, claims.contacted, tell.who(her), wish_id=learning)
    shared = tell.claimed(wishing.TALK, 3, colleague)
    tell.at(2, 13, claims.invite, tell.who(colleague), wish_id=shared, member_ids=[her.id, people[8].id])
    tell.fulfilled(wishing.QUILT, 1, member)
    tell.realised(wishing.SCHOOLBAG, 16, people[4])
    tell.realised(wishing.METER, 5, people[5])
    tell.handed_in(wishing.RAIL, 1)
    tell.draft(wishing.PHOTO, 1, 40)
    returned = tell.handed_in(wishing.ALLOWANCE, 9)
    tell.at(
        8,
        9,
        wish_service.return_for_details,
        wish_id=returned,
        by_id=tell.branch.secretary.id,
        reason="请补充：家里几口人、有没有低保。",
    )
    taken_back = tell.claimed(wishing.FAN, 60, people[5])
    tell.at(50, 9, withdrawal.withdraw, wish_id=taken_back, by_id=tell.community.collector_id)
    tell.published(wishing.CURTAIN, 30, -3)
    tell.at(1, 9, lambda session: claims.expire(session, clock.now()))


def _second_community(tell: _Telling) -> None:
    """A smaller one: something to claim, something in hands, something referred."""
    tell.published(wishing.GLASSES, 5, 20)
    tell.published(wishing.READING, 2)
    tell.claimed(wishing.LEASE, 4, tell.branch.people[2])
    waits = tell.published(wishing.SHELF, 35)
    tell.at(5, 9, wish_service.put_off, wish_id=waits, by_id=tell.branch.secretary.id)
    referred = tell.handed_in(wishing.ALLOWANCE, 15)
    tell.at(
        13,
        9,
        wish_service.refer,
        wish_id=referred,
        by_id=tell.branch.secretary.id,
        channel=CHANNEL,
        sentence="困难补助由街道民政办受理，社区陪同去办，材料清单已交给本人。",
    )
