"""The pages of rule sets: all versions, one of them; a draft, its parts as forms, and how two people publish it."""

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, OnPage
from app.core.errors import NotFoundError
from app.core.forms import Form, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.ledger.rules import FactType
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.scores.drafts import checking, due, editing, lines, queries, service
from app.features.scores.drafts.rules import YEARS_AHEAD
from app.features.scores.models import DOCUMENT_LENGTH, REASON_LENGTH
from app.features.scores.versions import digest, rules_of, source
from app.features.sign_in.door import require

HOME: Final = "/rules"
FRAME: Final = "frame"
"""What holds for the whole, beside the ids of rules."""
router = Router(prefix=HOME)
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Keeper = Annotated[Actor, require(Permission.KEEP_RULES)]
Second = Annotated[Actor, require(Permission.PUBLISH_RULES)]


class PieceForm(FormModel):
    """The fields of one piece, by their place in it."""

    model_config = ConfigDict(extra="allow")
    seen: str
    """Digest of what the form was filled with."""


class LineForm(FormModel):
    """Which facts a new line counts, and where it stands."""

    section: str
    fact: FactType


class PartForm(FormModel):
    """Which part of a line, counted from 0; all of it where none is named."""

    part: int | None = None
    seen: str


class ProposeForm(FormModel):
    """For which year a draft is proposed."""

    year: int
    excepted: bool = False


class PublishForm(FormModel):
    """That the second person has read it; and why, where the year is publicised already."""

    seen: str
    reason: str | None = Field(default=None, max_length=REASON_LENGTH)
    document: str | None = Field(default=None, max_length=DOCUMENT_LENGTH)


@router.get("")
def versions(request: Request, session: DbSession, actor: Me) -> Response:
    """All versions, with what waits to be published; for those who keep them with every draft."""
    return pages.render(
        request,
        "scores/rules/all.html",
        versions=queries.versions(session),
        drafts=queries.drafts(session, actor),
        reads=queries.may_read(session, actor),
    )


@router.get("/{version}")
def version(request: Request, session: DbSession, actor: Me, version: str) -> Response:
    """One version: its numbers, its digest, who published it."""
    found = source(session, version)
    piece = queries.piece(found.text)
    return pages.render(
        request,
        "scores/rules/version.html",
        one=found,
        rules=rules_of(session, version),
        people=queries.publishers(session, version),
        again=due.again(session, actor.branch_id) if found.reason and actor.may(Permission.SEE_BRANCH) else (),
        **_read(piece),
    )


@router.get("/{version}/text.json")
def text(session: DbSession, _actor: Me, version: str) -> Response:
    """The text of a version, byte for byte: what ``sha256sum`` proves and ``sanliang rules`` takes."""
    found = source(session, version)
    return pages.download(found.text.encode(), name=f"{found.version}.json", media_type="application/json")


@router.post("/{version}/copy")
def copy(request: Request, session: DbSession, actor: Keeper, version: str) -> Response:
    """Begin a draft."""
    draft_id = service.copy(session, actor, base=version)
    return pages.go(request, _address(draft_id), message=_("Copied. Now change what is to be different."))


@router.get("/drafts/{draft_id:uuid}")
def draft(request: Request, session: DbSession, actor: Second, draft_id: UUID) -> Response:
    """One draft: whether it can stand, what is different in it, and the next step."""
    return _draft(request, session, actor, draft_id)


@router.get("/drafts/{draft_id:uuid}/edit/{piece}")
def edit(request: Request, session: DbSession, actor: Keeper, draft_id: UUID, piece: str) -> Response:
    """One rule as a form, or what holds for the whole."""
    return _edit(request, session, actor, draft_id, name=piece)


@router.post("/drafts/{draft_id:uuid}/edit/{piece}")
def save(request: Request, session: DbSession, actor: Keeper, *, draft_id: UUID, piece: str, raw: RawForm) -> Response:
    """Change it."""
    page = partial(_edit, request, session, actor, draft_id, name=piece)

    def do(form: PieceForm) -> Done | Response:
        typed = dict.fromkeys(raw, "") | (form.model_extra or {})  # an empty field came, too
        wrong = service.edit(session, actor, draft_id=draft_id, rule_id=_rule_id(piece), typed=typed, seen=form.seen)
        if wrong:
            return page(Answer(422, {"form": Form(raw={name: str(raw[name]) for name in raw}, errors=wrong)}))
        return Done(_address(draft_id), _("Saved."))

    return answers.act(request, session, raw, PieceForm, do, page=page)


@router.post("/drafts/{draft_id:uuid}/lines")
def add_line(request: Request, session: DbSession, actor: Keeper, draft_id: UUID, raw: RawForm) -> Response:
    """Add a line, and open it."""

    def do(form: LineForm) -> Done:
        name = service.add_line(session, actor, draft_id=draft_id, section_id=form.section, fact=form.fact)
        return Done(f"{_address(draft_id)}/edit/{name}", _("Added. Now say what it gives."))

    return _on(request, session, actor, draft_id).act(raw, LineForm, do, at="line")


@router.post("/drafts/{draft_id:uuid}/edit/{piece}/remove")
def remove_line(
    request: Request, session: DbSession, actor: Keeper, *, draft_id: UUID, piece: str, raw: RawForm
) -> Response:
    """Take a line out, or a part of it."""

    def do(form: PartForm) -> Done:
        service.remove_line(session, actor, draft_id=draft_id, rule_id=piece, part=form.part, seen=form.seen)
        return Done(_address(draft_id), _("Taken out of the draft."))

    page = partial(_edit, request, session, actor, draft_id, name=piece)
    return answers.act(request, session, raw, PartForm, do, page=page, at="remove")


@router.post("/drafts/{draft_id:uuid}/propose")
def propose(request: Request, session: DbSession, actor: Keeper, draft_id: UUID, raw: RawForm) -> Response:
    """Let it wait for the second person."""

    def do(form: ProposeForm) -> str:
        service.propose(session, actor, draft_id=draft_id, year=form.year, excepted=form.excepted)
        return _("Proposed. Another business administrator or an officer of the top committee publishes it.")

    return _on(request, session, actor, draft_id).act(raw, ProposeForm, do, at="propose")


@router.post("/drafts/{draft_id:uuid}/return")
def give_back(request: Request, session: DbSession, actor: Second, draft_id: UUID, raw: RawForm) -> Response:
    """Let it be edited again."""

    def do(_form: FormModel) -> str:
        service.give_back(session, actor, draft_id=draft_id)
        return _("Returned to editing.")

    return _on(request, session, actor, draft_id).act(raw, FormModel, do, at="return")


@router.post("/drafts/{draft_id:uuid}/discard")
def discard(request: Request, session: DbSession, actor: Keeper, draft_id: UUID, raw: RawForm) -> Response:
    """Let it go."""

    def do(_form: FormModel) -> Done:
        service.discard(session, actor, draft_id=draft_id)
        return Done(HOME, _("Discarded."))

    return _on(request, session, actor, draft_id).act(raw, FormModel, do, at="discard")


@router.post("/drafts/{draft_id:uuid}/publish")
def publish(request: Request, session: DbSession, actor: Second, draft_id: UUID, raw: RawForm) -> Response:
    """Publish it, as the second person."""

    def do(form: PublishForm) -> Done:
        said = {"reason": form.reason, "document": form.document}
        version = service.publish(session, actor, draft_id=draft_id, seen=form.seen, **said)
        return Done(f"{HOME}/{version}", _("Published. From now on nobody changes it."))

    return _on(request, session, actor, draft_id).act(raw, PublishForm, do, at="publish")


def _address(draft_id: UUID) -> str:
    return f"{HOME}/drafts/{draft_id}"


def _on(request: Request, session: Session, actor: Actor, draft_id: UUID) -> OnPage:
    return OnPage(request, session, partial(_draft, request, session, actor, draft_id), _address(draft_id))


def _draft(request: Request, session: Session, actor: Actor, draft_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    if not queries.may_read(session, actor):
        raise NotFoundError
    row = queries.draft(session, actor, draft_id)
    piece, this_year = queries.piece(row.text), clock.today().year
    return answer.drawn(
        request,
        "scores/rules/draft.html",
        block="draft",
        one=row,
        digest=digest(row.text),
        wrong=checking.refusals(piece),
        changes=checking.differences(queries.piece(source(session, row.base).text), piece),
        free=[(one.value, str(one.label)) for one in lines.free_facts(piece)],
        places=[(one["id"], f"{one['id']} {editing.in_words(one['title'])}") for one in editing.sections(piece)],
        years=[(year, year) for year in range(this_year, this_year + YEARS_AHEAD + 1)],
        keeps=actor.may(Permission.KEEP_RULES),
        is_second=actor.member_id not in {row.edited_by_id, row.proposed_by_id},
        is_top=queries.is_top(session, actor),
        lengths=(REASON_LENGTH, DOCUMENT_LENGTH),
        **_read(piece),
    )


def _edit(
    request: Request, session: Session, actor: Actor, draft_id: UUID, answer: Answer = AS_IT_IS, *, name: str
) -> Response:
    row = queries.draft(session, actor, draft_id)
    piece = queries.piece(row.text)
    found = None if name == FRAME else editing.rule_of(piece, name)
    if name == FRAME:
        groups = editing.frame_fields(piece)
    elif found:
        groups = [("", fields) for fields in editing.rule_fields(found[1])]
    else:
        raise NotFoundError
    return answer.drawn(
        request,
        "scores/rules/edit.html",
        block="edit",
        form=answer.forms.get("form"),
        one=row,
        rule=found[1] if found else None,
        groups=groups,
        seen=digest(editing.of_form(piece, _rule_id(name))),
        called=editing.called,
        in_words=editing.in_words,
        to=f"{_address(draft_id)}/edit/{name}",
    )


def _rule_id(piece: str) -> str | None:
    return None if piece == FRAME else piece


def _read(piece: editing.Piece) -> dict[str, Any]:
    """A rule set to be read: each section with its rules, each rule with its fields; and what holds for the whole."""
    return {
        "sections": [
            (section, [(rule, editing.rule_fields(rule)) for rule in section["rules"]])
            for section in editing.sections(piece)
        ],
        "frame": editing.frame_fields(piece),
        "in_words": editing.in_words,
        "called": editing.called,
    }
