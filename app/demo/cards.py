"""Cards that invented members have filled in. The portraits are drawn: nobody is meant."""

import io
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Final

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from app.core import clock, photos
from app.core.ids import new_id
from app.demo.people import Branch, Person
from app.features.shows.cards import service as cards
from app.features.shows.cards import service as public
from app.features.shows.cards.rules import CONSENT_VERSION, LARGE, SMALL, CardScope, IdentityDetails, PublicField

FILLED_IN: Final = 9
"""Members of each branch who have filled in their cards, by place; the others show what the roster knows."""
BARE: Final = 3
"""The place of somebody who has not got round to it: the card invites."""
SCOPES: Final = (
    "综合协调、重要文稿和督查督办",
    "信访件受理、答复和群众来访接待",
    "执法检查的组织和报告起草",
    "",
    "行政审批窗口咨询、一次告知",
    "公文流转、保密和档案管理",
    "党费收缴、组织关系转接",
    "政务公开和信息发布",
    "监督执纪、廉政提醒",
)
"""By place."""
MOTTOS: Final = (
    "把小事办好，把难事办成。",
    "群众来一次，事情有着落。",
    "眼里有活，心里有人。",
    "",
    "多问一句，少跑一趟。",
    "今日事今日毕。",
    "按规矩办，用真心帮。",
    "",
    "先把自己管好。",
)
"""By place."""
PORTRAITS: Final[Mapping[int, tuple[str, str]]] = {
    0: ("#8e0b14", "#f3d9b1"),
    2: ("#27506b", "#f6e3c8"),
    6: ("#3d6b4f", "#f1dcc0"),
}
"""Places of the first branch with a portrait, and its two colours."""
FOR_CITIZENS: Final = frozenset(PublicField) - {PublicField.JOINED}
PUBLIC_AFTER: Final = timedelta(days=20)
SIDE: Final = 480


def show_cards(session: Session, branch: Branch, since: date) -> None:
    """Fill in some cards in the first days of the year; the secretary of the first branch lets everybody see one."""
    with clock.standing_at(clock.at(since + PUBLIC_AFTER, time(10))):
        for person in branch.people[:FILLED_IN]:
            if person.place != BARE:
                _fill_in(session, branch, person)
        if branch.number == 1:
            for person in branch.people:
                if person.place in PORTRAITS:
                    _put_in_portrait(session, branch, person)
            public.give_consent(
                session,
                branch.actor(branch.secretary),
                consent_id=new_id(),
                fields=FOR_CITIZENS,
                text_version=CONSENT_VERSION,
            )


def _fill_in(session: Session, branch: Branch, person: Person) -> None:
    who, place = branch.actor(person), person.place
    details = IdentityDetails(
        service_scope=SCOPES[place] or None,
        office_phone=f"8{branch.number:02}{place + 1:02}",  # within the house: any longer number could be somebody's
        motto=MOTTOS[place] or None,
        pioneer_post=place in (0, 4),
        shows_joined=place % 3 != 1,
    )
    cards.save_identity(session, who, member_id=person.id, details=details)
    if place % 2 == 0:
        cards.choose_scope(session, who, scope=CardScope.ORGAN)


def _put_in_portrait(session: Session, branch: Branch, person: Person) -> None:
    pictures = photos.shrunk(_drawn(*PORTRAITS[person.place]), square=True, sizes=(SMALL, LARGE))
    cards.keep_photo(session, branch.actor(person), member_id=person.id, pictures=pictures)


def _drawn(ground: str, skin: str) -> bytes:
    """Head and shoulders as one draws them on a door sign."""
    sheet = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(sheet)
    middle = SIDE // 2
    pen.ellipse((middle - 190, 300, middle + 190, 700), fill="#fdf7ee")
    pen.polygon([(middle - 34, 300), (middle + 34, 300), (middle, 372)], fill=ground)
    pen.rectangle((middle - 30, 240, middle + 30, 320), fill=skin)
    pen.ellipse((middle - 84, 90, middle + 84, 290), fill=skin)
    pen.chord((middle - 92, 74, middle + 92, 250), 180, 360, fill="#2b2320")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
