"""Copy, edit, propose, publish: each step by name in the audit log, the last one by another person."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.core.rows import locked, one
from app.features.ledger.rules import FactType
from app.features.members import audit, powers
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission
from app.features.members.two_people import check_second
from app.features.scores.drafts import checking, editing, lines, publishing, queries, rules
from app.features.scores.drafts.models import RuleSetDraft
from app.features.scores.drafts.rules import Step
from app.features.scores.publicity import queries as publicity
from app.features.scores.rule_set import read_rule_set
from app.features.scores.versions import digest, known, source

_DRAFT: Final = locked(select(RuleSetDraft).where(RuleSetDraft.id == bindparam("draft")))
_VERSIONS: Final = select(RuleSetDraft.version)


def copy(session: Session, actor: Actor, *, base: str) -> UUID:
    """Begin a draft with the text of a version; gives its id.

    Raises:
        UnknownRuleSetError: there is no such version.
        VersionTakenError: somebody took the number at this moment.
    """
    piece = queries.piece(source(session, base).text)
    year = clock.today().year
    version = rules.next_version(year, [*known(session), *session.scalars(_VERSIONS)])
    draft = RuleSetDraft(
        version=version, base=base, text=editing.as_text(piece | {"version": version}), edited_by_id=actor.member_id
    )
    with refusing(session, {"uq_rule_set_drafts_version": rules.VersionTakenError}):
        session.add(draft)
    _note(session, actor, AuditAction.RULES_COPIED, draft, {"base": base})
    return draft.id


def edit(
    session: Session, actor: Actor, *, draft_id: UUID, rule_id: str | None, typed: Mapping[str, str], seen: str
) -> dict[str, str]:
    """Put what was typed into one rule of a draft, or (``None``) into what holds for the whole.

    What cannot stand by itself is not taken: it comes back by the name of its field. What does not fit the rest of
    the draft yet is taken, and said on the draft's page. ``seen``: the digest of what the form was filled with.

    Raises:
        EditedMeanwhileError: it is not what was seen any more.
    """
    draft = _held(session, draft_id, Step.EDIT)
    before = queries.piece(draft.text)
    _check_seen(before, rule_id, seen)
    if rule_id is None:
        fields = [field for _name, fields in editing.frame_fields(before) for field in fields]
        after = editing.typed_into(before, fields, typed)
        wrong = checking.frame_refusals(after)
    else:
        after = queries.piece(draft.text)
        section, rule = _rule(after, rule_id)
        new = editing.typed_into(rule, [field for fields in editing.rule_fields(rule) for field in fields], typed)
        section["rules"] = [new if one is rule else one for one in section["rules"]]
        wrong = checking.rule_refusals(new)
    if not wrong:
        _save(session, actor, draft, before, after)
    return wrong


def add_line(session: Session, actor: Actor, *, draft_id: UUID, section_id: str, fact: FactType) -> str:
    """Add a line to a section, which counts one type of facts; gives its name, or that of the line that counts them."""
    draft = _held(session, draft_id, Step.EDIT)
    before = queries.piece(draft.text)
    after, name = lines.with_line(before, section_id, fact)
    _save(session, actor, draft, before, after)
    return name


def remove_line(
    session: Session, actor: Actor, *, draft_id: UUID, rule_id: str, seen: str, part: int | None = None
) -> None:
    """Take a line out of a draft, or the ``part`` of it that counts some of its facts. Twice is once.

    Raises:
        EditedMeanwhileError: it is not what was ``seen`` any more, as for ``edit``.
    """
    draft = _held(session, draft_id, Step.EDIT)
    before = queries.piece(draft.text)
    if editing.rule_of(before, rule_id) is None:
        return
    _check_seen(before, rule_id, seen)
    _save(session, actor, draft, before, lines.without(before, rule_id, part))


def propose(session: Session, actor: Actor, *, draft_id: UUID, year: int, excepted: bool = False) -> None:
    """Let a draft that can stand wait for the second person.

    ``excepted``: the top committee is to decide on an exception, because the year is publicised already.

    Raises:
        RuleSetRefusedError: something in it cannot stand.
    """
    draft = _held(session, draft_id, Step.PROPOSE)
    read_rule_set(draft.text)
    rules.check_year(year, clock.today(), publicity.first_of_year(session, None, year), excepted=excepted)
    draft.stands, draft.year, draft.proposed_by_id = rules.LIFE.after(draft.stands, Step.PROPOSE), year, actor.member_id
    _note(session, actor, AuditAction.RULES_PROPOSED, draft, {"year": year, "digest": digest(draft.text)})


def give_back(session: Session, actor: Actor, *, draft_id: UUID) -> None:
    """Let a proposed draft be edited again, as whoever proposed it or as the second person."""
    draft = _held(session, draft_id, Step.RETURN)
    if not queries.may_read(session, actor):
        raise NotFoundError
    draft.stands, draft.proposed_by_id = rules.LIFE.after(draft.stands, Step.RETURN), None
    _note(session, actor, AuditAction.RULES_RETURNED, draft, {})


def discard(session: Session, actor: Actor, *, draft_id: UUID) -> None:
    """Let a draft go; it stays in the log."""
    draft = _held(session, draft_id, Step.DISCARD)
    draft.stands = rules.LIFE.after(draft.stands, Step.DISCARD)
    _note(session, actor, AuditAction.RULES_RETURNED, draft, {"state": draft.stands})


def publish(
    session: Session, actor: Actor, *, draft_id: UUID, seen: str, reason: str | None = None, document: str | None = None
) -> str:
    """Publish what another one proposed, as the second person; gives the version.

    ``seen`` is the digest of the text that the actor has read. ``reason`` and ``document``: the top committee's
    exception for a year that is publicised already; every period of it is to be publicised again then.

    Raises:
        DraftMovedOnError, OtherTextError: it does not wait, or not with this text.
    """
    draft = _held(session, draft_id, Step.PUBLISH)
    if not queries.may_read(session, actor):
        raise NotFoundError
    first, year = draft.proposed_by_id, draft.year
    if first is None or year is None:
        raise NotFoundError
    for hand in {first, draft.edited_by_id}:
        check_second(session, actor, entered_by_id=hand)
    if Permission.KEEP_RULES not in powers.permissions(session, [first])[first]:
        raise rules.ProposerGoneError
    if digest(draft.text) != seen:
        raise rules.OtherTextError
    excepted = queries.is_top(session, actor) and bool(reason or document)
    if excepted and not (reason and document):
        raise rules.ReasonMissingError(year=year)
    published = publishing.publish(
        session,
        text=draft.text,
        year=year,
        edited_by=first,
        published_by=actor.member_id,
        reason=reason if excepted else None,
        document=document if excepted else None,
    )
    draft.stands, draft.decided_by_id = rules.LIFE.after(draft.stands, Step.PUBLISH), actor.member_id
    session.flush()
    return published.version


def _held(session: Session, draft_id: UUID, step: Step) -> RuleSetDraft:
    draft = one(session, _DRAFT, {"draft": draft_id})
    rules.LIFE.check(draft.stands, step)
    return draft


def _check_seen(draft: editing.Piece, rule_id: str | None, seen: str) -> None:
    if seen != digest(editing.of_form(draft, rule_id)):
        raise rules.EditedMeanwhileError


def _rule(piece: editing.Piece, rule_id: str) -> tuple[editing.Piece, editing.Piece]:
    if (found := editing.rule_of(piece, rule_id)) is None:
        raise NotFoundError
    return found


def _save(session: Session, actor: Actor, draft: RuleSetDraft, before: editing.Piece, after: editing.Piece) -> None:
    changed = checking.differences(before, after)
    if not changed:
        return
    draft.text, draft.edited_by_id, draft.edited_at = editing.as_text(after), actor.member_id, clock.now()
    said = {f"{one.rule_id} {one.label}".strip(): (one.before or None, one.after or None) for one in changed}
    session.flush()
    audit.record(session, actor.member_id, AuditAction.RULES_EDITED, audit.Subject(draft.version, draft.id), said)


def _note(session: Session, actor: Actor, action: AuditAction, draft: RuleSetDraft, said: Mapping[str, object]) -> None:
    session.flush()
    about = audit.Subject(draft.version, draft.id)
    audit.record(session, actor.member_id, action, about, audit.changed({}, said))
