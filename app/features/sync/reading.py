"""Reads the items of a batch one by one: what cannot be read is refused alone, and its neighbours go on."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ValidationError

from app.core import clock, phone_time
from app.core.i18n import gettext as _
from app.features.members.rules import Permission
from app.features.sync import times
from app.features.sync.captures import CapturedKind
from app.features.sync.forms import SentItem
from app.features.sync.items import ChosenDay, Item, at_its_turn
from app.features.sync.rules import ACCEPTED, MAX_PAYLOAD_BYTES, SyncOutcome, refused

log: Final = logging.getLogger("sanliang.sync")
Kinds = Mapping[str, CapturedKind[Any]]
SHOWN_TITLE_LENGTH: Final = 120
SHOWN_ID_LENGTH: Final = 80
"""Characters of an id that is none, given back so that the phone finds its item."""

EXACT_FLOATS: Final = 2**53
"""Below this every whole number is the same as JSON integer and as JSON float."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose items these are, and what is known of the phone they come from."""

    member_id: UUID
    branch_id: UUID
    device_id: str
    permissions: frozenset[Permission]
    received_at: datetime
    shift: timedelta = timedelta(0)
    """What has to be added to the phone's times, see ``times.shift``."""
    handed_over_by_id: UUID | None = None
    """The officer who took the items in from a file; the phone's clock is unknown then."""


def read(raw: object, sender: Sender, kinds: Kinds) -> Item[Any] | SyncOutcome:
    """One item as it stands at the door: refused for what it is, else accepted until its turn and flags are known.

    Only the outcome where it cannot even be remembered: it has no id, or no content that could be told from another.
    """
    try:
        sent = SentItem.model_validate(raw)
        occurred = phone_time.read(sent.occurred_at)
        content = canonical(sent.payload)
        digest = content_hash(kind=sent.kind, payload=sent.payload, occurred_at=sent.occurred_at)
    except (ValueError, RecursionError):
        return _unreadable()
    payload, refusal = _payload(sent, len(content), kinds, sender, occurred.day)
    corrected_at = times.corrected(occurred.moment, sender.shift)
    if isinstance(payload, ChosenDay) and payload.day:
        corrected_at = times.of_day(payload.day, corrected_at, received_at=sender.received_at)
    return Item(
        id=sent.id,
        member_id=sender.member_id,
        branch_id=sender.branch_id,
        device_id=sender.device_id,
        handed_over_by_id=sender.handed_over_by_id,
        kind=sent.kind,
        content=None if refusal else content.decode(),
        content_hash=digest,
        occurred_as_sent=sent.occurred_at,
        occurred_at=times.storable(occurred.moment),
        corrected_at=corrected_at,
        received_at=sender.received_at,
        seq=sent.seq,
        depends_on=sent.depends_on,
        made_offline=sent.made_offline,
        would_be_refused=sent.would_be_refused,
        outcome=refusal or ACCEPTED,
        payload=payload,
        about=_about(payload, kinds[sent.kind]) if payload else None,
    )


def read_again(items: Iterable[Item[Any]], kinds: Kinds, *, predecessor_missing: bool = False) -> list[Item[Any]]:
    """Held items whose turn has come, with what they say. What cannot be read any more stays in the store."""
    found = []
    for item in items:
        try:
            payload = kinds[item.kind].payload.model_validate_json(item.content or "")
        except (KeyError, ValidationError):
            log.error("held item %s can no longer be read", item.id)  # noqa: TRY400 (a trace would show its content)
        else:
            readable = replace(item, payload=payload, about=_about(payload, kinds[item.kind]))
            found.append(at_its_turn(readable, predecessor_missing=predecessor_missing))
    return found


def id_as_sent(raw: object) -> str | None:
    """The id of an item as the phone spelt it, whatever it is."""
    sent = raw.get("id") if isinstance(raw, dict) else None
    if isinstance(sent, str):
        return sent[:SHOWN_ID_LENGTH].encode("utf-8", "replace").decode()
    return str(sent) if isinstance(sent, int | float) else None


def title_as_sent(raw: object) -> str:
    """What an item is called, as far as it says so; empty if it has no title that can be read."""
    payload = raw.get("payload") if isinstance(raw, dict) else None
    title = payload.get("title") if isinstance(payload, dict) else None
    return title[:SHOWN_TITLE_LENGTH] if isinstance(title, str) else ""


def _about(payload: BaseModel, kind: CapturedKind[Any]) -> UUID | None:
    return kind.about(payload) if kind.about else None


def _payload(
    sent: SentItem, size: int, kinds: Kinds, sender: Sender, said_on: date | None
) -> tuple[BaseModel | None, SyncOutcome | None]:
    """The payload as its kind reads it, or why the item can never be taken in."""
    if (kind := kinds.get(sent.kind)) is None:
        return None, refused("unknown_kind", _("The service does not know this kind of record. Record it on its page."))
    if kind.needs not in sender.permissions:
        return None, refused(
            "not_allowed", _("Your account has no records of this kind. If it should, ask an officer.")
        )
    if size > MAX_PAYLOAD_BYTES:
        return None, refused("payload_too_large", _("This record is too long. Shorten it and record it again."))
    try:
        payload = kind.payload.model_validate(sent.payload)
    except ValidationError as invalid:
        wrong = {str(problem["loc"][0]) for problem in invalid.errors(include_input=False) if problem["loc"]}
    else:
        today = clock.local_day(sender.received_at)
        if not isinstance(payload, ChosenDay) or payload.is_said(said_on, today=today):
            return payload, None
        wrong = {"day"}
    if named := [str(word) for name, word in kind.words.items() if name in wrong]:
        sentence = _("Something is missing or wrong here: %(fields)s. Correct it and record it again.")
        return None, refused("bad_payload", sentence % {"fields": _(", ").join(named)})
    return None, _unreadable()


def _unreadable() -> SyncOutcome:
    return refused("bad_payload", _("Something in this record cannot be read. Record it again."))


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; equal numbers (``1``, ``1.0``, ``1e0``) have one spelling.

    Raises:
        ValueError: something JSON or a database cannot hold: NaN, infinity, a NUL, half of a surrogate pair.
        TypeError: not a JSON value.
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")  # a lone surrogate is a UnicodeEncodeError, which is a ValueError


def content_hash(*, kind: str, payload: Any, occurred_at: str) -> str:
    """SHA-256 over the canonical JSON of what an item says, as 64 hexadecimal digits.

    Raises:
        ValueError: see ``canonical``.
    """
    return sha256(canonical({"kind": kind, "payload": payload, "occurred_at": occurred_at})).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case str():
            if "\0" in value:
                raise ValueError("NUL in a text")
            return value
        case float() if value.is_integer() and abs(value) < EXACT_FLOATS:
            return int(value)
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value
