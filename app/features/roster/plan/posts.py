"""Which of the posts that rows name are given: the rules of the house hold for files as well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from app.features.imports.rows import Note
from app.features.members.rules import Role
from app.features.members.standing import may_reach_account, posts_by_file
from app.features.roster.rules import ExistingMember, ExistingRoster, NoteCode, ReadPerson, side_towards

_USUALLY_ONE: Final = frozenset({Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row on its way into the plan."""

    person: ExistingMember | None
    entry: ReadPerson
    """All that would stand about the member."""
    notes: tuple[Note, ...] = ()

    @property
    def was_secretary(self) -> bool:
        """Whether the person is secretary of that same branch already."""
        before = self.person.entry if self.person else None
        return before is not None and before.branch == self.entry.branch and _holds(Role.SECRETARY, before)

    def changed(self, entry: ReadPerson, note: Note) -> "Candidate":
        """The same row with another outcome, and why."""
        return replace(self, entry=entry, notes=(*self.notes, note))

    def without(self, role: Role, note: Note) -> "Candidate":
        """The same row without a post; what the person held in the branch before stays."""
        before = self.person.entry if self.person and self.person.entry.branch == self.entry.branch else ReadPerson()
        held = (before.roles or frozenset()) - {Role.GROUP_LEADER}
        return self.changed(replace(self.entry, roles=((self.entry.roles or frozenset()) | held) - {role}), note)


def settle(candidates: Mapping[int, Candidate], existing: ExistingRoster) -> dict[int, Candidate]:
    """The same rows without what a file cannot decide, each with a note that says so.

    Nobody decides on the own posts, status, branch and exemption; a group leader needs a group; a branch has one
    secretary, and the one it has stays until the file says that the post is given up.
    """
    settled = {
        number: _leading_a_group(_by_vote(_deciding_on_others(candidate, existing.importer_id), existing))
        for number, candidate in candidates.items()
    }
    secretaries = _staying_secretaries(settled.values(), existing)
    for number, candidate in settled.items():
        entry = candidate.entry
        if not _holds(Role.SECRETARY, entry) or candidate.was_secretary:
            continue
        holder = secretaries.setdefault(entry.branch, number)
        if holder != number:
            name = settled[holder].entry.name if isinstance(holder, int) else holder
            settled[number] = candidate.without(Role.SECRETARY, Note(NoteCode.SECRETARY_HELD, {"name": name}))
    return _named_twice(settled)


def _named_twice(settled: dict[int, Candidate]) -> dict[int, Candidate]:
    """The same, with a note where a branch has a commissioner of one kind already: both come in, it may be a slip."""
    first: dict[tuple[str, Role], str] = {}
    noted = dict(settled)
    for number, candidate in settled.items():
        for role in _USUALLY_ONE & (candidate.entry.roles or frozenset()):
            name = first.setdefault((candidate.entry.branch, role), candidate.entry.name)
            if name != candidate.entry.name:
                note = Note(NoteCode.POST_TWICE, {"name": name, "role": role.value})
                noted[number] = noted[number].changed(candidate.entry, note)
    return noted


def _deciding_on_others(candidate: Candidate, importer_id: UUID | None) -> Candidate:
    person = candidate.person
    if person is None or person.id != importer_id:
        return candidate
    before, after = person.entry, candidate.entry
    own = replace(after, roles=before.roles, status=before.status, branch=before.branch, exemption=None)
    if before.branch != after.branch:
        own = replace(own, group=before.group)
    decides = own != replace(after, exemption=None) or after.exemption not in (None, *person.exemptions)
    return candidate.changed(own, Note(NoteCode.OWN_RECORD)) if decides else candidate


def _by_vote(candidate: Candidate, existing: ExistingRoster) -> Candidate:
    """Posts that decide, and what their holders sign in with, are no matter of a file alone (``members.standing``)."""
    if existing.importer_id is None:  # a command on the server
        return candidate
    person, after = candidate.person, candidate.entry
    before = person.entry if person else ReadPerson()
    if person and not may_reach_account(side_towards(existing, before.branch), person.weight):
        kept = replace(
            after,
            name=before.name,
            status=before.status,
            joined=before.joined,
            confirmed=before.confirmed,
            phone=before.phone,
            member_number=before.member_number,
            branch=before.branch,
            group=before.group if before.branch != after.branch else after.group,
            exemption=after.exemption if after.exemption in person.exemptions else None,
        )
        if kept != after:
            candidate = candidate.changed(kept, Note(NoteCode.FROM_ABOVE, {"name": before.name}))
            after = kept
    held = before.roles or frozenset() if before.branch == after.branch else frozenset()
    said = after.roles or frozenset()
    roles = posts_by_file(side_towards(existing, after.branch), held, said)
    return candidate if roles == said else candidate.changed(replace(after, roles=roles), Note(NoteCode.POSTS_BY_VOTE))


def _leading_a_group(candidate: Candidate) -> Candidate:
    if candidate.entry.group or not _holds(Role.GROUP_LEADER, candidate.entry):
        return candidate
    return candidate.without(Role.GROUP_LEADER, Note(NoteCode.LEADER_WITHOUT_GROUP))


def _staying_secretaries(candidates: Iterable[Candidate], existing: ExistingRoster) -> dict[str, int | str]:
    """The name of who is secretary of each branch and stays it."""
    stays = {
        candidate.person.id: candidate.was_secretary and _holds(Role.SECRETARY, candidate.entry)
        for candidate in candidates
        if candidate.person
    }
    return {
        branch: secretary.name for branch, secretary in existing.secretaries.items() if stays.get(secretary.id, True)
    }


def _holds(role: Role, entry: ReadPerson) -> bool:
    return role in (entry.roles or ())
