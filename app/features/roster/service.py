"""Carrying out what was planned: all good rows in one unit of work, each change with its audit row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.ids import new_id
from app.features.imports.rows import RowVerdict
from app.features.members import audit
from app.features.members.member_numbers import draw_numbers
from app.features.members.models import Exemption, Member
from app.features.members.names import pinyin_key
from app.features.members.rules import AuditAction, ExemptionKind, MemberStatus, masked_phone
from app.features.roster import queries, terms
from app.features.roster.importer import Importer
from app.features.roster.places import Places, hold
from app.features.roster.plan.verdicts import changes, plan_import
from app.features.roster.rules import Change, MovedOnError, Plan, PlannedRow, ReadPerson, RosterRow
from app.features.roster.sheet import values
from app.features.roster.sheet.columns import Column

_TAKEN: Final = MappingProxyType(
    dict.fromkeys(
        (
            "uq_members_phone",
            "uq_members_member_number",
            "uq_organisations_name_within_parent",
            "uq_role_terms_open",
            "uq_exemptions_open",
        ),
        MovedOnError,
    )
)
_MEMBERS: Final = select(Member).where(Member.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))


def plan(session: Session, importer: Importer, rows: Sequence[RosterRow], *, create_branches: bool) -> Plan:
    """What importing ``rows`` would do now. New branches are made only by who reaches all."""
    existing = queries.existing_roster(session, importer, rows)
    return plan_import(rows, existing, create_branches=create_branches and importer.reaches_all)


def import_rows(
    session: Session,
    importer: Importer,
    rows: Sequence[RosterRow],
    *,
    create_branches: bool,
    advance: Callable[[], None] = lambda: None,
) -> Plan:
    """Import all good rows and give the plan that was carried out; rows with problems change nothing.

    The plan is made anew while the branches are held: what somebody saw before may have changed since. ``advance`` is
    called for each row that is written.

    Raises:
        NoOrganError: branches are to be made, and the installation has no root.
        MovedOnError: somebody changed the same people at this moment.
    """
    hold(session, importer)
    planned = plan(session, importer, rows, create_branches=create_branches)
    with refusing(session, _TAKEN):
        _carry_out(session, importer, planned, advance)
    return planned


def _carry_out(session: Session, importer: Importer, planned: Plan, advance: Callable[[], None]) -> None:
    new, changed = planned.having(RowVerdict.NEW), planned.having(RowVerdict.CHANGED)
    places = Places(session, importer)
    places.make_branches(planned.new_branches)
    places.make_groups((row.entry.branch, row.entry.group) for row in (*new, *changed))
    session.flush()  # nothing else tells the session that places come before their members
    members_of_rows = [*_take_in(session, importer, new), *_changed_members(session, importer, changed)]
    for row, member in members_of_rows:
        if row.entry.member_number not in ("", member.member_number):
            member.added_by_id = importer.member_id  # a number may open an account: whoever gives it stays bound
        _write_down(member, row.entry, places)
        if row.member_id:
            _record(session, importer, AuditAction.MEMBER_MOVED, member, _moved(row))
        advance()
    session.flush()
    terms.settle(session, importer, [(member, row.entry) for row, member in members_of_rows])
    for row, member in members_of_rows:
        if row.exempts:
            _exempt(session, importer, member, row.exempts, row.entry.note)


def _take_in(session: Session, importer: Importer, rows: Sequence[PlannedRow]) -> Iterator[tuple[PlannedRow, Member]]:
    numbers = iter(draw_numbers(session, sum(not row.entry.member_number for row in rows)))
    for row in rows:
        member = Member(id=new_id(), name=row.entry.name, member_number=row.entry.member_number or next(numbers))
        member.added_by_id, member.version = importer.member_id, 0
        session.add(member)
        _record(session, importer, AuditAction.MEMBER_ADDED, member, changes(ReadPerson(), row.entry))
        yield row, member


def _changed_members(
    session: Session, importer: Importer, rows: Sequence[PlannedRow]
) -> Iterator[tuple[PlannedRow, Member]]:
    found: dict[UUID | None, Member] = {}
    for some in queries.batches(rows):
        ids = [row.member_id for row in some]
        found |= {member.id: member for member in session.scalars(_MEMBERS, {"ids": ids})}
    for row in rows:
        member = found[row.member_id]
        moved = _moved(row)
        _record(session, importer, AuditAction.MEMBER_MOVED_AWAY, member, moved)
        _record(session, importer, AuditAction.MEMBER_CHANGED, member, (set(row.changes) - set(moved)))
        yield row, member


def _moved(row: PlannedRow) -> list[Change]:
    return [change for change in row.changes if change.column is Column.BRANCH]


def _write_down(member: Member, entry: ReadPerson, places: Places) -> None:
    """All that is known of a member now; nothing said is kept as nothing, not as an empty text."""
    member.name, member.pinyin, member.version = entry.name, pinyin_key(entry.name), member.version + 1
    member.branch_id = places.branches[entry.branch]
    member.group_id = places.group(entry.branch, entry.group)
    member.phone, member.post, member.note = entry.phone, entry.post or None, entry.note or None
    member.sex, member.status = entry.sex, entry.status or MemberStatus.FULL
    member.born, member.joined, member.confirmed = entry.born, entry.joined, entry.confirmed
    if entry.member_number:
        member.member_number = entry.member_number


def _exempt(session: Session, importer: Importer, member: Member, kind: ExemptionKind, remark: str) -> None:
    exemption = Exemption(member_id=member.id, kind=kind, note=remark or None)
    session.add(exemption)
    words = audit.changed({}, {"kind": kind, "starts_on": clock.today(), "note": remark})
    audit.record(session, importer.member_id, AuditAction.EXEMPTION_GIVEN, member, words)


def _record(
    session: Session, importer: Importer, action: AuditAction, member: Member, changed: Iterable[Change]
) -> None:
    """One audit row, unless nothing changed; posts have rows of their own."""
    words = {
        change.column.value: (_in_log(change.column, change.before), _in_log(change.column, change.after))
        for change in changed
        if change.column is not Column.ROLES
    }
    if words:
        audit.record(session, importer.member_id, action, member, words)


def _in_log(column: Column, cell: str) -> str | None:
    """What a ``cell`` is in the audit log: phone numbers masked, choices as the form for one member writes them."""
    match column:
        case Column.PHONE:
            return masked_phone(cell)
        case Column.STATUS:
            return values.status(cell)
        case Column.SEX:
            return values.sex(cell)
        case _:
            return cell or None
