"""What a receipt opens: how the wish stands and what is kept, for whoever typed its code; and itself as a picture."""

import io
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.i18n import gettext as _
from app.core.sealing import sealer
from app.features.members.queries import AnyRow
from app.features.private.rules import FIELD_LABELS, Contact
from app.features.sign_in import lockout
from app.features.sign_in.errors import LockedError
from app.features.sign_in.tokens import digest
from app.features.slips.rules import read_code, readable
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.residents import queries, rules, sealed
from app.features.wishes.residents.errors import ReceiptLockedError, UnknownReceiptError
from app.features.wishes.stories import service as stories
from app.features.wishes.stories import service as story_service

Act: TypeAlias = Callable[[Session, str], str]
"""What is done with the code of a receipt; gives the sentence about it, or nothing."""

SIZE: Final = (900, 420)
"""Pixels; as wide as a phone shows them sharply."""
PAPER, INK, GREY = "#ffffff", "#1d1a17", "#57514b"
"""As on paper, whatever the colours of the page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the resident reads."""

    community: str
    title: str
    code: str
    """Of the wish, once it is one; else empty."""
    need: str
    standing: str
    sentence: str
    sent_at: datetime
    kept: Sequence[tuple[str, str]]
    """What is kept about the resident: each piece with its name, phone and address covered in part."""
    story: str
    is_over: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A receipt that was opened."""

    shown: Shown
    code: str
    said: str


def open_with(units: Database, *, typed: str, network: str, act: Act) -> Opened:
    """Open a receipt with the code that was ``typed`` and ``act`` on it.

    Wrong codes are counted apart from wrong passwords: who guesses here locks nobody out of signing in.

    Raises:
        UnknownReceiptError: no receipt has this code.
        ReceiptLockedError: too many wrong ones came from this network.
    """
    code = read_code(typed)
    if code is None:
        raise UnknownReceiptError
    try:
        attempt = lockout.begin(units, account=f"receipt:{digest(code)}", network=f"receipt:{network}")
    except LockedError as locked:
        raise ReceiptLockedError(minutes=locked.values["minutes"]) from None
    with units.write() as session:
        if queries.standing(session, code) is None:
            raise UnknownReceiptError  # nothing was written here; the attempt stays counted
        lockout.forgive(session, attempt)
        said = act(session, code)
    with units.read() as session:
        found = queries.standing(session, code)
        if found is None:
            raise UnknownReceiptError
        return Opened(_shown(session, found), readable(code), said)


def take_story_down(session: Session, *, code: str) -> None:
    """The story of the wish with this receipt goes, by its wisher's own tap. Twice is once."""
    found = queries.standing(session, code)
    if found is not None and found.wish_id is not None:
        story_service.take_down(session, wish_id=found.wish_id, by_id=None)


def _shown(session: Session, found: AnyRow) -> Shown:
    wish_status = found.wish_status
    told = sealed.read(found.sealed, submission_id=found.id) if found.sealed else None
    is_over = rules.ended(found.status, wish_status)
    contact = told.contact if told else _kept_contact(session, found)
    return Shown(
        community=found.community,
        title=found.title or _("Your wish"),
        need=told.need if told else found.need or "",
        code=found.code or "",
        standing=rules.standing(found.status, wish_status, channel=found.channel),
        sentence=queries.kind_sentence(session, found.wish_id) if found.channel else "",
        sent_at=found.sent_at,
        kept=[(str(FIELD_LABELS[name]), rules.covered(name, getattr(contact, name))) for name in contact.filled],
        story=stories.story_of(session, found.wish_id) if found.wish_id else "",
        is_over=is_over,
        is_demo=found.is_demo,
    )


def _kept_contact(session: Session, found: AnyRow) -> Contact:
    """What the collectors have of the wisher, for the wisher: no look of somebody else, so none is noted."""
    row = session.get(WishContact, found.wish_id) if found.wish_id else None
    return Contact.from_text(sealer().open(row.sealed, belongs_to=row.wish_id)) if row else Contact()


def receipt_picture(code: str, address: str) -> str:
    """A PNG with the ``code`` and the ``address`` where it is typed, as a ``data:`` address."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, SIZE[0] - 13, SIZE[1] - 13), outline=INK, width=3)
    _write(draw, code, 160, INK, most=96)
    _write(draw, address, 290, GREY, most=40)
    out = io.BytesIO()
    picture.quantize(8).save(out, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()


def _write(draw: ImageDraw.ImageDraw, text: str, middle: int, colour: str, *, most: int) -> None:
    size = most
    while size > 12 and draw.textlength(text, font=ImageFont.load_default(size)) > SIZE[0] - 96:
        size -= 4
    draw.text((SIZE[0] / 2, middle), text, fill=colour, font=ImageFont.load_default(size), anchor="mm")
