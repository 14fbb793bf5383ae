"""Everything that opens by something that was handed out, open; and how much of it still is."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.api.models import ApiToken
from app.features.meetings.feed import service as feed
from app.features.meetings.feed.models import CalendarFeed
from app.features.outward.models import NoticeChannel
from app.features.outward.rules import ChannelState
from app.features.shows.cards.models import CardConsent
from app.features.sign_in.factors.models import RecoveryCode
from app.features.sign_in.models import SignInSession
from app.features.slips.models import Slip
from app.features.webhooks.models import Webhook
from app.features.wishes.models import WishSlip
from tests.features.api.makers import make_token
from tests.features.outward.makers import make_channel
from tests.features.shows.public.makers import make_public
from tests.features.sign_in.factors.makers import make_app
from tests.features.slips.makers import make_slip
from tests.features.wishes.makers import make_collector, make_community, make_draft
from tests.makers import People

OPEN: Final = {
    "sessions": SignInSession.ended_at.is_(None),
    "slips": Slip.used_at.is_(None) & Slip.ended_at.is_(None),
    "recovery_codes": RecoveryCode.id.is_not(None),
    "api_tokens": ApiToken.token_digest.is_not(None),
    "calendar_feeds": CalendarFeed.member_id.is_not(None),
    "notice_channels": (NoticeChannel.state != ChannelState.ENDED) | NoticeChannel.sealed.is_not(None),
    "card_consents": CardConsent.withdrawn_at.is_(None),
    "wish_slips": WishSlip.ended_at.is_(None),
    "webhooks": Webhook.ended_at.is_(None) & Webhook.held_at.is_(None),
}


def open_all(session: Session, people: People) -> None:
    """A door of each kind, open."""
    community = make_community(session, people.branch, name="门前社区")
    wish = make_draft(session, community, people.branch, make_collector(session, community, "门房"))
    make_token(session, people.sam, people.dora, people.branch, name="门")
    make_slip(session, people.bob)
    make_app(session, people.alice)
    feed.renew(session, people.alice.actor, token="a" * 43)
    make_channel(session, people.alice)
    make_public(session, people.alice)
    told = {"name": "门户", "url": "https://portal.example.org/", "events": ["test"], "sealed": "x", "key_id": "x"}
    session.add(Webhook(**told, made_by_id=people.sam.id))
    session.add(
        WishSlip(
            id=new_id(),
            wish_id=wish.id,
            token_digest="c" * 64,
            code_digest="d" * 64,
            failures=0,
            issued_by_id=people.sam.id,
        )
    )
    session.flush()


def still_open(session: Session) -> dict[str, int]:
    """How many doors of each kind are open; kinds that are shut are left out."""
    counted = {name: session.scalar(select(func.count()).where(is_open)) or 0 for name, is_open in OPEN.items()}
    return {name: number for name, number in counted.items() if number}
