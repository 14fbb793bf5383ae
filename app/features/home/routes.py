"""Today, me, my data, and how this browser shows the pages."""

from enum import StrEnum
from importlib.metadata import version
from typing import Annotated, Final

from fastapi import Request
from fastapi.responses import Response

from app.core import clock, exports, forms, pages
from app.core.errors import BadInputError
from app.core.forms import FormModel, RawForm, SmallForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Nobody, Router, Units, route_doors
from app.core.settings import settings
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.home import notice, own_data, queries, rules, self_check
from app.features.home.purposes import kept, told
from app.features.home.queries import desk_of, week_lines
from app.features.home.system import installation
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.news import unread
from app.features.members.rules import EXEMPTION_LABELS, ROLE_LABELS, STATUS_LABELS, Permission
from app.features.reviews.kinds import correction_page, kind_called
from app.features.scores.queries import sheet_card
from app.features.sign_in.door import require, require_recent
from app.features.sign_in.rules import landing
from app.features.streams import STREAMS

router = Router()
TODAY: Final = "home/today.html"
TEXT: Final = "home/text.html"
ME: Final = "home/me.html"
DATA: Final = "home/data.html"
NOTICE: Final = "home/notice.html"
SELF_CHECK: Final = "home/self_check.html"
EXPORT: Final = "home/export.html"
SYSTEM: Final = "home/system.html"
SECONDS: Final = {Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT, Permission.ADMINISTER_SYSTEM, Permission.AUDIT}
"""Any of these may be the second person for a post."""
A_YEAR: Final = 365 * 24 * 60 * 60
OWN_PAGES: Final = tuple(own for stream in STREAMS for own in stream.pages if not own.is_tab)
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]
Helper = Annotated[Actor, require(Permission.APPROVE, Permission.RECORD_FOR_OTHERS)]
SureMe = Annotated[Actor, require_recent(Permission.HAVE_ACCOUNT)]


class Language(StrEnum):
    """The languages there are, or whichever the browser asks for."""

    CHINESE = "zh_CN"
    ENGLISH = "en"
    BROWSER = "browser"


class TextSize(StrEnum):
    """Large type is 18 px and more, with targets of 60 px (docs/domain.md §9)."""

    NORMAL = "normal"
    LARGE = "large"


class Theme(StrEnum):
    """Light, dark, or whichever the system has."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Files(StrEnum):
    """What tables leave as."""

    XLSX = "xlsx"
    CSV = "csv"


class PreferencesForm(FormModel):
    """What is not said stays as it is."""

    language: Language | None = None
    text: TextSize | None = None
    theme: Theme | None = None
    files: Files | None = None
    next: str = "/"


class NoticeForm(FormModel):
    """What somebody says to the notice of purposes."""

    agreed: bool


@router.get("/")
def today(request: Request, session: DbSession, actor: Me) -> Response:
    """What waits for me, and my year so far. Who works for a community has a desk of wishes instead."""
    if not actor.may(Permission.BE_MEMBER):
        has_desk = actor.may(Permission.COLLECT_WISHES) and settings().uses("wishes")
        told = not has_desk or unread(session, actor)
        return pages.see_other("/me" if told else "/wishes/desk")
    return pages.render(
        request,
        TODAY,
        today=clock.today(),
        waits=queries.today(session, actor),
        shown=sheet_card(session, actor),
        kind_called=kind_called,
        correction_page=correction_page,
        most=rules.ROWS_SHOWN,
        due_shown=rules.DUE_SHOWN,
        ahead_shown=rules.AHEAD_SHOWN,
        new_id=new_id,
        desk=desk_of(actor),
        own_pages=OWN_PAGES,
        notice_due=notice.last_answer(session, actor) is None,
    )


@router.get("/today/text")
def text(request: Request, session: DbSession, actor: Helper) -> Response:
    """What the coming days bring for everybody in the branch, to be copied into the group chat: no names."""
    return pages.render(request, TEXT, lines=week_lines(session, actor, clock.today()))


@router.get("/me")
def me(request: Request, session: DbSession, actor: Me) -> Response:
    """My pages, my account, and how this browser shows them."""
    member = members.member_card(session, actor.member_id)
    return pages.render(
        request,
        ME,
        member=member,
        notice_due=notice.last_answer(session, actor) is None,
        own_pages=OWN_PAGES,
        exempt=members.exemption(session, actor.member_id),
        news=unread(session, actor),
        may_second=not actor.permissions.isdisjoint(SECONDS),
        password_history=queries.password_history(session, actor),
        role_labels=ROLE_LABELS,
        status_labels=STATUS_LABELS,
        exemption_labels=EXEMPTION_LABELS,
        has_ways=bool(settings().sign_in),
        language=request.cookies.get("sanliang_lang", Language.BROWSER.value),
        files=Files.CSV if request.cookies.get(exports.COOKIE) == Files.CSV else Files.XLSX,
        version=version("sanliang"),
    )


@router.get("/me/data")
def data(request: Request, session: DbSession, actor: Me) -> Response:
    """What is kept about me, who sees it and what for."""
    return pages.render(request, DATA, held=kept(members.member_card(session, actor.member_id)))


@router.get("/me/notice")
def notice_page(request: Request, session: DbSession, actor: Me) -> Response:
    """The notice of purposes as it is now, and what I have said to it."""
    purposes = told(members.member_card(session, actor.member_id).home)
    return pages.render(
        request,
        NOTICE,
        version=notice.VERSION,
        purposes=purposes,
        said=notice.last_answer(session, actor),
    )


@router.post("/me/notice")
def answer_notice(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """I agree, or I do not; nothing depends on it."""
    notice.answer(session, actor, agreed=forms.sent(NoticeForm, raw).agreed)
    return pages.go(request, "/me/data", message=_("Noted. You can change it here at any time."))


@router.get("/self-check")
def check_oneself(request: Request, session: DbSession, _actor: Me) -> Response:
    """The red lines, and how this installation keeps each."""
    paths = [path for _methods, path, _door in route_doors(request.app)]
    lines = self_check.look(session, paths, clock.now())
    return pages.render(request, SELF_CHECK, lines=lines, kept_for=self_check.kept_for())


@router.get("/me/export")
def export(request: Request, _actor: SureMe) -> Response:
    """My data to take along, in two forms."""
    return pages.render(request, EXPORT)


@router.get("/me/export.json")
def export_json(session: DbSession, actor: SureMe) -> Response:
    """For machines."""
    content = own_data.as_json(session, actor)
    return pages.download(content, name=_file_name(actor, "json"), media_type="application/json")


@router.get("/me/export.xlsx")
def export_xlsx(session: DbSession, actor: SureMe) -> Response:
    """For people."""
    content = own_data.as_xlsx(session, actor)
    return pages.download(content, name=_file_name(actor, "xlsx"), media_type=XLSX_MEDIA_TYPE)


@router.get("/system")
def system(request: Request, units: Units, _actor: Annotated[Actor, require(Permission.ADMINISTER_SYSTEM)]) -> Response:
    """How the installation stands, and what is done to keep it so."""
    return pages.render(request, SYSTEM, lines=installation(units, clock.now()))


@router.post("/me/preferences")
def choose(request: Request, _door: Nobody, raw: SmallForm) -> Response:
    """Language, size of the text and colours of this browser, for a year; also for those who are not signed in.

    Raises:
        BadInputError: there is no such choice.
    """
    chosen = forms.parse(PreferencesForm, raw).value
    if chosen is None:
        raise BadInputError
    response = pages.go(request, landing(chosen.next))
    choices = {"lang": chosen.language, "text": chosen.text, "theme": chosen.theme, "files": chosen.files}
    for name, value in choices.items():
        if value is Language.BROWSER:
            response.delete_cookie(f"sanliang_{name}", path="/")
        elif value is not None:
            response.set_cookie(
                f"sanliang_{name}",
                value,
                max_age=A_YEAR,
                path="/",
                httponly=True,
                samesite="lax",
                secure=settings().https,
            )
    return response


def _file_name(actor: Actor, ending: str) -> str:
    name = _("Data of %(name)s %(day)s") % {"name": actor.name, "day": clock.today().isoformat()}
    return f"{name}.{ending}"
