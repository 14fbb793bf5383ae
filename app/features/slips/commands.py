"""``sanliang init``, ``slip`` and ``post``: for accounts and posts that nobody in the house could open or give."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import segno
import typer
from sqlalchemy.orm import Session

from app.core import clock, formats, opening, sealing
from app.core.i18n import gettext as _
from app.core.schema import migrate
from app.core.settings import settings
from app.features.members import queries as members
from app.features.members.models import Member
from app.features.members.posts.service import appoint_on_server
from app.features.members.rules import Role, phone_number
from app.features.sign_in.queries import account
from app.features.sign_in.rules import read_login
from app.features.slips.rules import UnknownMemberError, readable
from app.features.slips.service import Founder, PrintedSlip, found, print_slip

ASKED: Final = "Asked for when not given."


def init(
    *,
    committee: Annotated[str, typer.Option(help=f"Name of the committee at the root. {ASKED}")] = "",
    branch: Annotated[str, typer.Option(help=f"Name of the first branch. {ASKED}")] = "",
    name: Annotated[str, typer.Option(help=f"Who keeps organisations and people (business). {ASKED}")] = "",
    phone: Annotated[str, typer.Option(help=f"Phone number of that person. {ASKED}")] = "",
    system_name: Annotated[str, typer.Option(help="Who keeps the installation (system); may come later.")] = "",
    system_phone: Annotated[str, typer.Option(help="Phone number of that person.")] = "",
    audit_name: Annotated[str, typer.Option(help="Who reads the audit log; may come later.")] = "",
    audit_phone: Annotated[str, typer.Option(help="Phone number of that person.")] = "",
) -> None:
    """Prepare an empty database: the committee, a first branch, and slips for the administrators."""
    opening.require(may_be_made=True)
    committee = committee or typer.prompt(_("Name of the committee"))
    branch = branch or typer.prompt(_("Name of the first branch"))
    name = name or typer.prompt(_("Name of the business administrator"))
    phone = phone or typer.prompt(_("Phone number of the business administrator"))
    asked = [
        (Role.BUSINESS_ADMINISTRATOR, name, phone),
        (Role.SYSTEM_ADMINISTRATOR, *_asked(Role.SYSTEM_ADMINISTRATOR, system_name, system_phone)),
        (Role.AUDIT_ADMINISTRATOR, *_asked(Role.AUDIT_ADMINISTRATOR, audit_name, audit_phone)),
    ]
    with _unit_of_work(may_be_made=True) as session:
        founders = [Founder(name.strip(), phone_number(phone), role) for role, name, phone in asked if name]
        slips = list(found(session, committee=committee.strip(), branch=branch.strip(), founders=founders))
    _say(slips)
    for role, name, _phone in asked:
        if not name:
            said = _("%(role)s: nobody yet. As soon as the person is in the roster: sanliang post PHONE %(post)s")
            typer.echo("\n" + said % {"role": role.label, "post": role})
    if not settings().contacts_key_file.exists():
        sealing.make_key()  # administrators sign in with two steps, and what their apps share with us is sealed


def slip(login: Annotated[str, typer.Argument(help="Phone number or member number.")]) -> None:
    """Print a new slip for any member, also for administrators. Who may run this could change the database anyway."""
    with _unit_of_work() as session:
        row = account(session, read_login(login))
        if row is None:
            raise UnknownMemberError
        members.lock(session, row.id)
        printed = print_slip(session, session.get_one(Member, row.id), by=None)
    _say([printed])


def post(
    login: Annotated[str, typer.Argument(help="Phone number or member number.")],
    role: Annotated[Role, typer.Argument(help="The post.")],
    *,
    end: Annotated[bool, typer.Option("--end", help="End the post at once instead of giving it.")] = False,
) -> None:
    """Give or end a post where nobody in the house may: the first administrators, the only branch's secretary."""
    with _unit_of_work() as session:
        row = account(session, read_login(login))
        if row is None:
            raise UnknownMemberError
        members.lock(session, row.id)
        member = session.get_one(Member, row.id)
        appoint_on_server(session, member, role, starts_on=clock.today(), ends=end)
        name = member.name
    said = _("%(name)s no longer holds this post: %(role)s.") if end else _("%(name)s now holds this post: %(role)s.")
    typer.echo(said % {"name": name, "role": role.label})


def _asked(role: Role, name: str, phone: str) -> tuple[str, str]:
    """Name and phone of who gets a post that may come later; somebody at a terminal is asked."""
    if not name and sys.stdin.isatty():
        words = _("%(role)s, name; another person, may come later (Enter)")
        name = typer.prompt(words % {"role": role.label}, default="", show_default=False)
    if name and not phone:
        phone = typer.prompt(_("%(role)s, phone number") % {"role": role.label})
    return name, phone


@contextmanager
def _unit_of_work(*, may_be_made: bool = False) -> Iterator[Session]:
    """A writing unit on a database with the newest schema, made where it ``may_be_made``; refusals end the command."""
    with opening.opened(may_be_made=may_be_made) as database:
        if may_be_made:
            migrate(database)
        opening.require_newest(database)
        try:
            with database.write() as session:
                yield session
        except ValueError as unreadable:
            typer.echo(str(unreadable), err=True)
            raise typer.Exit(2) from unreadable


def _say(slips: Iterable[PrintedSlip]) -> None:
    config = settings()
    base = config.public_url.rstrip("/") or f"http://{config.host}:{config.port}"
    for printed in slips:
        code = readable(printed.code)
        typer.echo(f"\n{printed.name}: {base}/activate#{code}")
        typer.echo(
            _("Code %(code)s, good once until %(day)s. It is shown only now.")
            % {"code": code, "day": formats.short_day(printed.last_day)}
        )
        if sys.stdout.isatty():
            segno.make(f"{base}/activate#{code}", error="l", micro=False).terminal(compact=True)
