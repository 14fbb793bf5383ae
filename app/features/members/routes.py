"""The directory of a branch, a member's page, and what is known about a member."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members import news, queries, reach, service
from app.features.members.actor import Actor
from app.features.members.directory import directory
from app.features.members.forms import MemberForm, NewsForm, PhoneForm
from app.features.members.partial_dates import years_in_party
from app.features.members.posts.rules import overlap
from app.features.members.rules import MemberStatus, OrganisationKind, Permission, Sex
from app.features.members.said import said_of
from app.features.sign_in.door import require, require_recent

DIRECTORY = "members/directory.html"
MEMBER = "members/member.html"
FORM = "members/form.html"
PHONE = "members/phone.html"
router = Router(prefix="/members")
me = Router(prefix="/me")
Me = Annotated[Actor, require(Permission.HAVE_ACCOUNT)]
SureMe = Annotated[Actor, require_recent(Permission.HAVE_ACCOUNT)]
Reader = Annotated[Actor, require(Permission.BE_MEMBER)]
"""Everybody who is signed in; the queries decide what they see."""
Officer = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of the own branch, or of all."""


@router.get("")
def list_members(
    request: Request,
    session: DbSession,
    actor: Reader,
    *,
    branch: UUID | None = None,
    q: str = "",
    former: bool = False,
) -> Response:
    """The members of a branch, by group and pinyin."""
    return pages.render(
        request,
        DIRECTORY,
        block="member_list",
        directory=directory(session, actor, branch_id=branch, typed=q.strip(), former=former),
    )


@router.get("/new")
def new_member(request: Request, session: DbSession, actor: Officer, branch: UUID | None = None) -> Response:
    """An empty form for a member of the branch."""
    return _form_page(request, session, actor, branch or actor.branch_id)


@router.post("")
def add_member(
    request: Request, session: DbSession, actor: Officer, raw: RawForm, branch: UUID | None = None
) -> Response:
    """Take a member into the branch."""
    branch_id = branch or actor.branch_id

    def add(form: MemberForm) -> Done:
        member = service.add_member(session, actor, branch_id=branch_id, details=form.details(), id=form.id)
        return Done(f"/members/{member.id}", _("%(name)s is added.") % {"name": member.name})

    page = partial(_form_page, request, session, actor, branch_id)
    return act(request, session, raw, MemberForm, add, page=page)


@router.get("/{member_id}")
def show_member(request: Request, session: DbSession, actor: Reader, member_id: UUID) -> Response:
    """What is kept about a member: for the member, and for the officers of the branch."""
    member = queries.card(session, actor, member_id)
    today = clock.today()
    terms = queries.terms_of(session, member_id)
    exemptions = queries.exemptions_of(session, member_id)
    return pages.render(
        request,
        MEMBER,
        member=member,
        party_years=years_in_party(member.confirmed, today),
        terms=terms,
        posts=[term.role for term in terms if overlap(term.starts_on, term.ends_on, today, today)],
        exemptions=exemptions,
        exempt=[time.kind for time in exemptions if overlap(time.starts_on, time.ends_on, today, today)],
        can_change=reach.may_change(actor, member.branch_id),
        can_appoint=reach.may_appoint(session, actor, member.branch_id),
        can_print=not member.left_on and reach.may_open_account(session, actor, member),
        is_new=_added_today(actor, member),
        said=said_of(session, actor, member_id),
    )


@router.get("/{member_id}/edit")
def edit_member(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """The form with what is known."""
    member = reach.card(session, actor, member_id)
    return _form_page(request, session, actor, member.branch_id, member=member)


@router.post("/{member_id}")
def change_member(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """Write down what is known now. A field that was not sent stays as it is."""
    member = reach.card(session, actor, member_id)

    def change(form: MemberForm) -> Done:
        service.change_member(
            session,
            actor,
            member_id=member_id,
            details=form.details(),
            sent=service.DETAILS & raw.keys(),
            version=form.version or 1,  # of a form that does not say: it may be the oldest
        )
        return Done(f"/members/{member_id}", _("Saved."))

    def page(answer: Answer) -> Response:
        current = reach.card(session, actor, member_id)  # what another officer saved, for the next attempt
        return _form_page(request, session, actor, member.branch_id, answer, member=current)

    return act(request, session, raw, MemberForm, change, page=page, known=member._asdict())


@me.get("/phone")
def own_phone(request: Request, session: DbSession, actor: SureMe) -> Response:
    """The number one signs in with."""
    return _phone_page(request, session, actor)


@me.post("/phone")
def change_own_phone(request: Request, session: DbSession, actor: SureMe, raw: RawForm) -> Response:
    """Another number of one's own. A field that was not sent stays as it is."""

    def change(form: PhoneForm) -> Done:
        if forms.carried(PhoneForm, raw):
            service.change_own_phone(session, actor, phone=form.phone)
        return Done("/me", _("Saved."))

    return act(request, session, raw, PhoneForm, change, page=partial(_phone_page, request, session, actor))


@me.post("/news/read")
def read_news(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """The notice about the own account was read: it goes."""

    def read(form: NewsForm) -> Done:
        news.mark_read(session, actor, until=form.until)
        return Done("/" if actor.may(Permission.BE_MEMBER) else "/me")

    return act(request, session, raw, NewsForm, read, page=lambda answer: pages.see_other("/me"))


def _added_today(actor: Actor, member: queries.AnyRow) -> bool:
    """Whether the actor has brought this person in today, who has used no slip yet: it is what comes next."""
    is_fresh = clock.local_day(member.created_at) == clock.today() and member.opened_at is None
    return is_fresh and member.added_by_id == actor.member_id


def _phone_page(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    member = queries.member_card(session, actor.member_id)
    return answer.drawn(request, PHONE, block="phone_form", member=member)


def _form_page(
    request: Request,
    session: Session,
    actor: Actor,
    branch_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    member: queries.AnyRow | None = None,
) -> Response:
    home = reach.home(session, actor, branch_id)
    return answer.drawn(
        request,
        FORM,
        block="member_form",
        id=(ids.read(answer.form.typed("id")) if answer.form else None) or new_id(),
        member=member,
        branch_id=branch_id,
        branch_name=home.name,
        in_community=home.kind is OrganisationKind.COMMUNITY,
        groups=queries.groups_of(session, branch_id),
        statuses=MemberStatus.choices(),
        sexes=Sex.choices(),
    )
