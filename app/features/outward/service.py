"""Switching ways on, proving, pausing and ending them: each person for itself, and nobody for anybody else."""

import base64
import hashlib
import json
import secrets
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Update, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock, i18n
from app.core.db import refusing
from app.core.errors import BadInputError, ContentDiffersError
from app.core.ids import new_id
from app.core.rows import locked, one, rowcount
from app.core.sealing import sealer
from app.core.settings import settings
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.outward import errors, rules, sending
from app.features.outward.living import LIVES, device_of
from app.features.outward.models import NoticeChannel, OutwardNotice
from app.features.outward.rules import ChannelKind, ChannelState, Purpose
from app.features.outward.sending import Order

_OWN: Final = locked(
    select(NoticeChannel).where(
        NoticeChannel.id == bindparam("id"),
        NoticeChannel.member_id == bindparam("me"),
        NoticeChannel.state != ChannelState.ENDED,
        LIVES,
    )
)
_OF_KIND: Final = (
    select(NoticeChannel)
    .where(
        NoticeChannel.member_id == bindparam("me"),
        NoticeChannel.kind == bindparam("kind"),
        NoticeChannel.state != ChannelState.ENDED,
        LIVES,
    )
    .order_by(NoticeChannel.id)
)
_OF_BROWSER: Final = locked(
    select(NoticeChannel).where(
        NoticeChannel.endpoint_digest == bindparam("digest"), NoticeChannel.state != ChannelState.ENDED
    )
)
_NOT_ENDED: Final = update(NoticeChannel).where(NoticeChannel.state != ChannelState.ENDED)
_ASKED: Final = select(func.count(OutwardNotice.id)).where(
    OutwardNotice.member_id == bindparam("me"),
    OutwardNotice.begun_at > bindparam("since"),
    OutwardNotice.purpose != Purpose.REMINDER,
)


_ERASED: Final = ("sealed", "key_id", "code_until", "device_digest")
"""What is emptied of a way that ends."""


class Underway(NamedTuple):
    """A notice that is written down as under way, and the order to carry it."""

    notice_id: UUID
    order: Order


def held(channel: NoticeChannel) -> dict[str, str]:
    """What is sealed of a way: ``to``, and where there is one ``secret`` and ``code``."""
    content: dict[str, str] = json.loads(sealer().open(channel.sealed or "", belongs_to=channel.id))
    return content


def add(session: Session, actor: Actor, now: datetime, *, kind: ChannelKind, to: str, secret: str) -> Underway:
    """Switch a way on as soon as the code is typed that the order carries there; the way of its kind before it ends.

    Raises:
        WrongAddressError: ``to`` is no address of this kind; WrongSecretError likewise.
        AskedTooOftenError: the actor has let many be sent today.
    """
    _check_way(kind)
    address = rules.address_of(kind, to)
    if address is None:
        raise errors.WrongAddressError(why=rules.ASKED[kind].wrong)
    if not rules.SECRET.fullmatch(secret):
        raise errors.WrongSecretError
    members.lock(session, actor.member_id)
    for before in session.scalars(_OF_KIND, {"me": actor.member_id, "kind": kind}):
        _end(before)
    session.flush()
    channel = _new(actor, kind, ChannelState.UNPROVEN, {"to": address, "secret": secret}, now)
    session.add(channel)
    return _with_code(session, channel, now)


def add_browser(session: Session, actor: Actor, now: datetime, *, subscription: str, label: str) -> None:
    """Switch reminders on in the browser that has subscribed; whoever had them there before has them no more.

    Raises:
        NoSuchWayError: the installation has no key for it.
        WrongBrowserError: it is no subscription, or one to a service that is not known.
        SignInAnewError: the browser keeps nothing by which it would be known when its session is ended.
    """
    _check_way(ChannelKind.PUSH)
    endpoint, to = _subscription(subscription)
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    device = device_of(session, actor.session_id)
    if device is None:
        raise errors.SignInAnewError
    members.lock(session, actor.member_id)
    before = session.scalars(_OF_BROWSER, {"digest": digest}).one_or_none()
    if before and before.member_id == actor.member_id:
        before.device_digest = device
        return
    if before:
        _end(before)
        session.flush()
    if len(session.scalars(_OF_KIND, {"me": actor.member_id, "kind": ChannelKind.PUSH}).all()) >= rules.MOST_BROWSERS:
        raise errors.TooManyBrowsersError(n=rules.MOST_BROWSERS)
    channel = _new(actor, ChannelKind.PUSH, ChannelState.ON, {"to": to}, now)
    channel.endpoint_digest, channel.device_digest, channel.label = digest, device, label[:60]
    with refusing(session, {"uq_notice_channels_endpoint": ContentDiffersError}):
        session.add(channel)


def try_out(session: Session, actor: Actor, now: datetime, *, channel_id: UUID) -> Underway:
    """The order for a trial, or for another code where a way is not proven yet.

    Raises:
        AskedTooOftenError: the actor has let many be sent today.
    """
    members.lock(session, actor.member_id)
    channel = _own(session, actor, channel_id)
    _check_way(channel.kind)
    if channel.state is ChannelState.UNPROVEN:
        return _with_code(session, channel, now)
    return _begun(session, channel, Purpose.TRIAL, now)


def prove(session: Session, actor: Actor, now: datetime, *, channel_id: UUID, code: str) -> BadInputError | None:
    """The code was typed: the way is on. A refusal is given and not raised, so that the attempt is counted."""
    channel = _own(session, actor, channel_id)
    if channel.state is not ChannelState.UNPROVEN:
        return None  # twice is once
    if channel.code_until is None or now > channel.code_until or channel.code_tries >= rules.CODE_TRIES:
        return errors.OldCodeError()
    channel.code_tries += 1
    content = held(channel)
    if not secrets.compare_digest(code.encode(), content.pop("code", " ").encode()):
        return errors.WrongCodeError()
    _seal(channel, content)
    channel.state, channel.code_until = ChannelState.ON, None
    return None


def pause(session: Session, actor: Actor, *, channel_id: UUID, paused: bool) -> None:
    """Say nothing on this way for now, or speak again. One that did not arrive is tried again so."""
    channel = _own(session, actor, channel_id)
    if channel.state is not ChannelState.UNPROVEN:
        channel.state = ChannelState.MUTED if paused else ChannelState.ON


def end(session: Session, actor: Actor, *, channel_id: UUID) -> None:
    """Switch it off and erase the address."""
    _end(_own(session, actor, channel_id))


def forget(session: Session, now: datetime) -> int:
    """End ways of people who left, and in browsers signed out; erase what was sent long ago; gives how much."""
    gone = NoticeChannel.member_id.in_(select(Member.id).where(Member.left_on <= bindparam("today")))
    _ended(session, _NOT_ENDED.where(or_(gone, ~LIVES)), {"today": clock.local_day(now)})
    old = session.execute(delete(OutwardNotice).where(OutwardNotice.begun_at < now - rules.KEPT_FOR))
    spoken = select(OutwardNotice.id).where(OutwardNotice.channel_id == NoticeChannel.id).exists()
    session.execute(delete(NoticeChannel).where(NoticeChannel.state == ChannelState.ENDED, ~spoken))
    return rowcount(old)


def end_all(session: Session, _now: datetime) -> int:
    """End the ways of everybody and erase the addresses; gives how many there were."""
    return _ended(session, _NOT_ENDED, {})


def begin(session: Session, channel: NoticeChannel, purpose: Purpose, now: datetime) -> Underway:
    """Write down that a notice is under way, before it is."""
    order, notice_id = order_for(channel, purpose), new_id()
    of = {"channel_id": channel.id, "member_id": channel.member_id, "kind": channel.kind}
    session.add(OutwardNotice(id=notice_id, **of, purpose=purpose, begun_at=now, tried_at=now))
    session.flush()
    return Underway(notice_id, order)


def order_for(channel: NoticeChannel, purpose: Purpose) -> Order:
    """The order to carry a notice on this way."""
    return sending.order(settings(), channel.kind, held(channel), purpose, channel.language)


def drop(channel: NoticeChannel) -> None:
    """The service does not know the address any more. A browser that has ended its subscription is forgotten."""
    if channel.kind is ChannelKind.PUSH:
        _end(channel)
    elif channel.state in {ChannelState.ON, ChannelState.MUTED}:
        channel.state = ChannelState.BROKEN


def _begun(session: Session, channel: NoticeChannel, purpose: Purpose, now: datetime) -> Underway:
    asked = {"me": channel.member_id, "since": now - rules.OPEN_FOR}
    if (session.scalar(_ASKED, asked) or 0) >= rules.ASKED_A_DAY:
        raise errors.AskedTooOftenError(n=rules.ASKED_A_DAY)
    return begin(session, channel, purpose, now)


def _with_code(session: Session, channel: NoticeChannel, now: datetime) -> Underway:
    _seal(channel, {**held(channel), "code": f"{secrets.randbelow(1_000_000):06}"})
    channel.code_until, channel.code_tries = now + rules.CODE_GOOD_FOR, 0
    return _begun(session, channel, Purpose.CODE, now)


def _new(actor: Actor, kind: ChannelKind, state: ChannelState, content: dict[str, str], now: datetime) -> NoticeChannel:
    channel = NoticeChannel(
        id=new_id(), member_id=actor.member_id, kind=kind, state=state, language=i18n.language(), made_at=now
    )
    _seal(channel, content)
    return channel


def _seal(channel: NoticeChannel, content: dict[str, str]) -> None:
    channel.sealed, channel.key_id = sealer().seal(json.dumps(content), belongs_to=channel.id)


def _end(channel: NoticeChannel) -> None:
    channel.state = ChannelState.ENDED
    for name in _ERASED:
        setattr(channel, name, None)


def _ended(session: Session, which: Update, asked: dict[str, Any]) -> int:
    emptied = {"state": ChannelState.ENDED, **dict.fromkeys(_ERASED)}
    ended = which.values(emptied).execution_options(synchronize_session=False)
    return rowcount(session.execute(ended, asked))


def _own(session: Session, actor: Actor, channel_id: UUID) -> NoticeChannel:
    return one(session, _OWN, {"id": channel_id, "me": actor.member_id})


def _bytes(letters: str) -> bytes:
    return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))


def _check_way(kind: ChannelKind) -> None:
    if kind not in sending.ways(settings()):
        raise errors.NoSuchWayError


def _subscription(typed: str) -> tuple[str, str]:
    """The endpoint of what a browser says, and as much of it as is needed."""
    try:
        said = json.loads(typed)
        endpoint, keys = said["endpoint"], {name: str(said["keys"][name]) for name in ("p256dh", "auth")}
        point, auth = (_bytes(keys[name]) for name in ("p256dh", "auth"))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, KeyError, TypeError, UnsupportedAlgorithm):
        raise errors.WrongBrowserError from None
    more = {host for kind, host in sending.hosts(settings()).items() if kind is ChannelKind.PUSH and host}
    if not isinstance(endpoint, str) or len(auth) != 16 or not rules.is_push_service(endpoint, more):
        raise errors.WrongBrowserError
    return endpoint, json.dumps({"endpoint": endpoint, "keys": keys})
