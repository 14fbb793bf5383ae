"""Materials: read by members, put there and taken away by those who plan. Nobody counts who opens one."""

from functools import partial
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import FormModel, RawForm, upload
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study.bank import service as bank
from app.features.study.bank.keepers import kept_by
from app.features.study.materials import queries, service
from app.features.study.materials.models import Material
from app.features.study.materials.rules import (
    ACCEPTED,
    ADDRESS_LENGTH,
    BODY_LENGTH,
    KINDS_OF_FILES,
    LICENCE_LENGTH,
    MOST_BYTES,
    TITLE_LENGTH,
    MaterialKind,
    NewFile,
    NewMaterial,
    own_name,
)
from app.features.study.plan import queries as plans
from app.features.study.plan import service as plan
from app.features.study.plan.due import HOME as PLAN

HOME: Final = "/study/materials"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Keeper = Annotated[Actor, require(Permission.KEEP_QUESTIONS)]


class MaterialForm(FormModel):
    """A material: one of text, link and file. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    of: UUID | None = None
    item_id: UUID | None = None
    """The item of a plan that it is for."""
    title: Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH)]
    body: Annotated[str, Field(max_length=BODY_LENGTH)] = ""
    address: Annotated[str, Field(max_length=ADDRESS_LENGTH)] = ""
    licence: Annotated[str, Field(max_length=LICENCE_LENGTH)] = ""
    file: str = ""

    def new(self, file: NewFile | None = None) -> NewMaterial:
        """What was typed, with the file that came along."""
        said = {name: getattr(self, name) or None for name in ("body", "address", "licence")}
        return NewMaterial(title=self.title, file=file, **said)


@router.get("")
def materials(
    request: Request, session: DbSession, actor: MemberActor, q: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """What there is to read: of the branch and of the committees above."""
    return pages.render(
        request,
        "study/materials.html",
        block="material_list",
        materials=queries.listed(session, queries.reach(session, actor), q.strip()),
        most=queries.LISTED,
        typed=q,
        keeps=bool(kept_by(actor)),
        home=HOME,
    )


@router.get("/new")
def new(
    request: Request, session: DbSession, actor: Keeper, of: UUID | None = None, item_id: UUID | None = None
) -> Response:
    """The empty form."""
    return _form(request, session, actor, of=of, item_id=item_id)


@router.post("")
def add(request: Request, session: DbSession, actor: Keeper, raw: RawForm) -> Response:
    """Put a material there, and beside the item that asked for it."""

    def do(form: MaterialForm) -> Done:
        owner_id = form.of or next(iter(kept_by(actor)))
        file = upload(raw, "file")
        sent = NewFile(own_name(file.filename or ""), file.file.read(MOST_BYTES + 1)) if file else None
        material_id = service.add(session, actor, material_id=form.id, owner_id=owner_id, new=form.new(sent))
        if form.item_id:
            plan.attach(session, actor, item_id=form.item_id, material_id=material_id)
            return Done(f"{PLAN}/items/{form.item_id}", _("The material is there."))
        return Done(f"{HOME}/{material_id}", _("The material is there."))

    return act(request, session, raw, MaterialForm, do, page=partial(_form, request, session, actor))


@router.get("/{material_id:uuid}")
def one(request: Request, session: DbSession, actor: MemberActor, material_id: UUID) -> Response:
    """One to read. Phones keep this page for whoever wants it."""
    there = queries.material(session, actor, material_id)
    return pages.render(
        request,
        "study/material.html",
        material=there,
        file=f"{HOME}/{material_id}/{quote(there.file_name)}" if there.file_name else None,
        keeps=there.owner_id in kept_by(actor),
        home=HOME,
    )


@router.get("/{material_id:uuid}/edit")
def edit(request: Request, session: DbSession, actor: Keeper, material_id: UUID) -> Response:
    """The form of one that is there."""
    return _form(request, session, actor, there=queries.kept(session, actor, material_id))


@router.get("/{material_id:uuid}/{file_name}")
def file(session: DbSession, actor: MemberActor, material_id: UUID, file_name: str) -> Response:
    """Its file under its own name. It says whose copy it is, for the phone that keeps it; nobody notes who took it."""
    content = queries.content(session, actor, material_id, file_name)
    media_type, _beginning = KINDS_OF_FILES[file_name.rpartition(".")[2].lower()]
    return Response(
        content, media_type=media_type, headers={"Cache-Control": "no-store", "X-Member": str(actor.member_id)}
    )


@router.post("/{material_id:uuid}")
def change(request: Request, session: DbSession, actor: Keeper, material_id: UUID, raw: RawForm) -> Response:
    """Correct it."""
    there = queries.kept(session, actor, material_id)

    def do(form: MaterialForm) -> Done:
        service.change(session, actor, material_id=material_id, new=form.new())
        return Done(f"{HOME}/{material_id}", _("Saved."))

    return act(request, session, raw, MaterialForm, do, page=partial(_form, request, session, actor, there=there))


@router.post("/{material_id:uuid}/remove")
def remove(request: Request, session: DbSession, actor: Keeper, material_id: UUID) -> Response:
    """Take it away."""
    service.remove(session, actor, material_id=material_id)
    return pages.go(request, HOME, message=_("The material is gone, also from the plans that named it."))


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    of: UUID | None = None,
    item_id: UUID | None = None,
    there: Material | None = None,
) -> Response:
    typed = answer.form
    item_id = item_id or (ids.read(typed.typed("item_id")) if typed else None)
    if item_id:
        of = plans.kept(session, actor, item_id).owner_id
    owners = bank.names(session, kept_by(actor))
    back = f"{PLAN}/items/{item_id}" if item_id else f"{HOME}/{there.id}" if there else HOME
    return pages.render(
        request,
        "study/material_form.html",
        block="material_form",
        status=answer.status,
        form=typed,
        id=there.id if there else (typed and ids.read(typed.typed("id"))) or new_id(),
        there=there,
        of=of,
        item_id=item_id,
        owners=list(owners.items()) if len(owners) > 1 and not there and not item_id else [],
        is_link=there and there.kind is MaterialKind.LINK,
        is_text=there and there.kind is MaterialKind.TEXT,
        back=back,
        to=f"{HOME}/{there.id}" if there else HOME,
        accepted=ACCEPTED,
        lengths={"title": TITLE_LENGTH, "body": BODY_LENGTH, "address": ADDRESS_LENGTH, "licence": LICENCE_LENGTH},
    )
