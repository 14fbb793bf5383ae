"""The list of wishes as one of the lists that people bring in. What it says of people is sealed from the start."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.formats import short_day
from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.ids import new_id
from app.core.sealing import sealer
from app.features.imports.forms import UploadForm
from app.features.imports.lists import AskedBeside, Hint, Link, ListKind, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.rows import ImportResult, RowVerdict, outcome
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.organisations.communities import queries as communities
from app.features.private.rules import FIELD_LABELS, Contact
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.imports.reading import HEADINGS, SERIAL, Column, is_about_a_wish, wish_row
from app.features.wishes.imports.rules import MOST_ROWS, SENTENCES, ImportRow, Neighbour, PlannedRow, ReadWish, planned
from app.features.wishes.intake import rules as intake
from app.features.wishes.intake.rules import ListedWish
from app.features.wishes.intake.service import WishText, choose, put_down
from app.features.wishes.models import Wish
from app.features.wishes.rules import Origin

_REASON: Final = "退回原因"

_SAME_TITLE: Final = (
    select(Wish.id, Wish.title, Wish.need, WishContact.sealed)
    .outerjoin(WishContact, WishContact.wish_id == Wish.id)
    .where(
        Wish.community_id == bindparam("community"), Wish.title.in_(bindparam("titles", type_=String(), expanding=True))
    )
)
_RECENT: Final = select(Wish.id, Wish.code, Wish.title, Wish.need, Wish.category).where(
    Wish.community_id == bindparam("community"), Wish.entered_at >= bindparam("since")
)


def neighbours(session: Session, community_id: UUID, titles: Collection[str]) -> list[Neighbour]:
    """The wishes of a community with one of these titles, each with its contact, for comparing; nobody sees it."""
    rows = session.execute(_SAME_TITLE, {"community": community_id, "titles": sorted(set(titles))}).all()
    return [Neighbour(row.title, row.need, _contact(row.sealed, row.id)) for row in rows]


def recent(session: Session, community_id: UUID, *, since: datetime) -> list[ListedWish]:
    """The wishes of a community entered lately, for hints at doubles."""
    return [ListedWish(*row) for row in session.execute(_RECENT, {"community": community_id, "since": since})]


def _contact(sealed: str | None, wish_id: UUID) -> Contact | None:
    return Contact.from_text(sealer().open(sealed, belongs_to=wish_id)) if sealed else None


class WishListForm(UploadForm):
    """The choice beside the file."""

    community_id: UUID | None = None


def _asks(session: Session, actor: Actor) -> Sequence[AskedBeside]:
    answered = [(row.id, row.name) for row in communities.answered(session, actor)]
    return (AskedBeside("community_id", gettext("Community"), answered),) if len(answered) > 1 else ()


def _place(session: Session, actor: Actor, form: WishListForm) -> Placed:
    return Placed(choose([row.id for row in communities.answered(session, actor)], form.community_id), {})


def _reaches(session: Session, actor: Actor, upload: Upload) -> bool:
    try:
        communities.answered_community(session, actor, _community(upload))
    except NotFoundError:
        return False
    return True


def _plan(session: Session, _actor: Actor, upload: Upload, rows: Sequence[ImportRow]) -> Planning[PlannedRow]:
    titles = {row.entry.title for row in rows if not row.problems}
    return Planning(planned(rows, neighbours(session, _community(upload), titles)))


def _take_in(session: Session, actor: Actor, upload: Upload, rows: Sequence[ImportRow]) -> ImportResult:
    members.lock(session, actor.member_id)  # the same list in two windows: the second finds what the first has entered
    plan = _plan(session, actor, upload, rows).rows
    for row in plan:
        if row.verdict is RowVerdict.NEW:
            _enter(session, actor, _community(upload), row.row.entry)
    return outcome(plan)


def _enter(session: Session, actor: Actor, community_id: UUID, entry: ReadWish) -> None:
    text = WishText(
        title=entry.title, need=entry.need, category=entry.category, yuan=entry.yuan, wanted_by=entry.wanted_by
    )
    wish = put_down(
        session, id=new_id(), community_id=community_id, text=text, origin=Origin.IMPORT, by_id=actor.member_id
    )
    contacts.keep(session, wish_id=wish.id, contact=entry.contact, by_id=actor.member_id)
    contacts.record_consents(session, wish_id=wish.id, kinds=entry.agreed, by_id=actor.member_id)


def _shown(session: Session, _actor: Actor, upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    known = recent(session, _community(upload), since=clock.now() - intake.LOOKED_BACK)
    return [
        PreviewRow(
            title=one.row.entry.title or gettext("No wish"),
            facts=list(_facts(one.row.entry)),
            hints=[
                Hint(gettext("Perhaps the same as"), f"/wishes/desk/{other.id}", f"{other.code} {other.title}")
                for other in _alike(one, known)
            ],
        )
        for one in rows
    ]


def _facts(entry: ReadWish) -> Iterator[tuple[str, str]]:
    yield "", str(entry.category.label)
    if entry.need:
        yield HEADINGS[Column.NEED][0], entry.need
    if entry.yuan is not None:
        yield "", gettext("about %(yuan)s yuan") % {"yuan": entry.yuan}
    if entry.wanted_by:
        yield "", gettext("by %(day)s") % {"day": short_day(entry.wanted_by)}
    if entry.contact.filled:
        yield gettext("Sealed:"), gettext(", ").join(str(FIELD_LABELS[field]) for field in entry.contact.filled)
    for kind in entry.agreed:
        yield "", str(kind.label)


def _alike(one: PlannedRow, known: list[intake.ListedWish]) -> list[intake.ListedWish]:
    entry = one.row.entry
    return intake.alike(entry.title, entry.need, entry.category, known) if one.verdict is RowVerdict.NEW else []


def _community(upload: Upload) -> UUID:
    if upload.place_id is None:
        raise NotFoundError
    return upload.place_id


def _confirm_words(number: int) -> str:
    return ngettext("Enter %(num)s wish", "Enter %(num)s wishes", number) % {"num": number}


WISH_LIST: Final[ListKind[Column, ReadWish, PlannedRow]] = ListKind(
    name="wishes",
    address="/wishes/imports",
    template_address="/wishes/imports/template.xlsx",
    names=HEADINGS,
    required=Column.TITLE,
    unmissed=frozenset({_REASON, *SERIAL}),
    column_type=Column,
    entry_type=ReadWish,
    reason_heading=_REASON,
    most_rows=MOST_ROWS,
    is_sealed=True,
    form=WishListForm,
    about=is_about_a_wish,
    read=wish_row,
    sentences=SENTENCES,
    asks=_asks,
    place=_place,
    reaches=_reaches,
    plan=_plan,
    shown=_shown,
    take_in=_take_in,
    how_to=(
        "说明：",
        "说明1：每行一个心愿，“微心愿”必填，一句话写清要什么；姓名、电话写在自己的列里，不要写进心愿。",
        "说明2：类别填助老、助学、助残、助困、家政维修、陪伴走访、政策咨询或其他。",
        "说明3：填了姓名、电话或住址的，要先征得本人同意，在“本人同意”填“是”。",
        "说明4：说到疾病、残疾、困难、宗教的，要单独征得同意，在“敏感信息同意”填“是”。",
        "说明5：未满14周岁的，由监护人同意，在“监护人同意”填“是”。",
        "说明6：同一份表导入两次，心愿也只有一份。这几行说明可以留着，导入时自动跳过。",
    ),
    words=Words(
        upload=_("Bring in a list of wishes"),
        file=_("The Excel or CSV file"),
        most=_("At most 500 wishes. Titles above the headings and blank lines are fine."),
        promise=_("Nothing is entered before you have seen it. What it says of people is sealed from the start."),
        advice=(
            _("Each row needs a wish; headings may have their usual other names."),
            _(
                "Name, phone and address stand in columns of their own and are sealed. They are kept only where the "
                "wisher agreed."
            ),
            _("Each good row becomes a draft on the desk. Rows with a problem come back as a file that says why."),
            _("The same list brought in twice enters nothing twice."),
        ),
        check=_("Check the list"),
        taken_without=_("All others are entered without them. Take the file, correct it there, and bring it in again."),
        leave=_("Do not enter them"),
        left=_("The file is forgotten. Nothing was entered."),
        confirm=_confirm_words,
        done=_("The list is in"),
        same=_("There already"),
        sheet_name="微心愿清单",
        template=_("List of wishes"),
        to_correct=_("Wishes to correct"),
        no_header=_(
            "No headings were found in this file. It needs one row with headings such as 微心愿, 类别 and 姓名 above "
            "the wishes; the template has them all."
        ),
        no_rows=_("There is no wish below the headings of this file. Fill in the rows and try again."),
        too_many=_(
            "This file has more than %(rows)s wishes. Split it into several files and bring in one after another."
        ),
        unnamed=_("List of wishes"),
        back=Link(_("Desk of wishes"), "/wishes/desk"),
        after_new=_("They are drafts on the desk: look through them and hand them in."),
        next_page=Link(_("To the desk"), "/wishes/desk"),
    ),
)
