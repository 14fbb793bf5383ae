"""Who a row means: a member known already, somebody new, or nobody one could be sure of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.features.imports.rows import Note, Problem
from app.features.roster.rules import ExistingMember, ExistingRoster, NoteCode, ProblemCode, ReadPerson

Person = ExistingMember | Problem | None
"""The member a row means, why it cannot be said, or ``None`` for somebody new."""


def identify(rows: Mapping[int, ReadPerson], places: Sequence[str], existing: ExistingRoster) -> dict[int, Person]:
    """Who each row means, by its position in the list. The rows are sound and their branches are spelled as known.

    ``places`` says of each position where in the file it stands.

    A person is found by phone number with the name, else by member number, else by a name that only one
    member and one row of the branch have. The first row that names a number keeps it.
    """
    by_phone = {member.entry.phone: member for member in existing.members}
    by_number = {member.entry.member_number: member for member in existing.members}
    people: dict[int, Person] = {}
    claims = _Claims(places)
    for number, entry in rows.items():
        person = _by_numbers(entry, by_phone, by_number, existing)
        if not isinstance(person, Problem):
            person = claims.claim(number, entry, person)
        people[number] = person
    unknown = {number: entry for number, entry in rows.items() if people[number] is None}
    found = {person.id for person in people.values() if isinstance(person, ExistingMember)}
    unfound = [member for member in existing.members if member.id not in found and not member.has_left]
    return people | _by_names(unknown, unfound)


def notes_on(person: Person, entry: ReadPerson) -> Iterable[Note]:
    """What is worth a look in how the person was found."""
    if isinstance(person, ExistingMember):
        known = person.entry
        same_number = entry.member_number and entry.member_number == known.member_number
        if entry.phone and known.phone and entry.phone != known.phone and not same_number:
            yield Note(NoteCode.MATCHED_BY_NAME, {"before": known.phone, "after": entry.phone})


def _by_numbers(
    entry: ReadPerson,
    by_phone: Mapping[str | None, ExistingMember],
    by_number: Mapping[str, ExistingMember],
    existing: ExistingRoster,
) -> Person:
    if entry.phone in existing.phones_elsewhere:
        return Problem(ProblemCode.PHONE_TAKEN, {"phone": entry.phone or ""})
    if entry.member_number in existing.numbers_elsewhere:
        return Problem(ProblemCode.NUMBER_TAKEN, {"number": entry.member_number})
    with_phone = by_phone.get(entry.phone) if entry.phone else None
    with_number = by_number.get(entry.member_number)
    owner = with_number or with_phone
    if with_phone and with_phone is not owner:
        return _phone_of(with_phone.entry, entry)
    if owner and owner.entry.name != entry.name and not (with_phone and with_number):
        if with_phone:
            return _phone_of(owner.entry, entry)
        return Problem(ProblemCode.NUMBER_TAKEN, {"number": entry.member_number, "owner": owner.entry.name})
    return owner


def _by_names(rows: Mapping[int, ReadPerson], members: Iterable[ExistingMember]) -> dict[int, Person]:
    namesakes: dict[tuple[str, str], list[ExistingMember]] = defaultdict(list)
    for member in members:
        namesakes[member.entry.branch, member.entry.name].append(member)
    wanted = Counter((entry.branch, entry.name) for entry in rows.values())
    found: dict[int, Person] = {}
    for number, entry in rows.items():
        key = (entry.branch, entry.name)
        fitting = [member for member in namesakes.get(key, ()) if _born_alike(entry, member.entry)]
        if len(fitting) == 1 and wanted[key] == 1:
            found[number] = fitting[0]
        elif fitting:
            found[number] = Problem(ProblemCode.AMBIGUOUS_PERSON, {"name": entry.name, "branch": entry.branch})
        elif not entry.phone and not entry.member_number:
            found[number] = Problem(ProblemCode.MISSING_PHONE)
    return found


class _Claims:
    """Who was named by which row so far."""

    def __init__(self, places: Sequence[str]) -> None:
        self._places = places
        self._phones: dict[str, tuple[int, ReadPerson]] = {}
        self._numbers: dict[str, tuple[int, ReadPerson]] = {}
        self._members: dict[UUID, int] = {}

    def claim(self, row: int, entry: ReadPerson, person: ExistingMember | None) -> Person:
        """``person`` once more, or the problem that an earlier row names this person or this number."""
        if person and person.id in self._members:
            return self._same_as(self._members[person.id])
        for earlier, problem in (
            (self._phones.get(entry.phone or ""), _phone_of),
            (self._numbers.get(entry.member_number), _number_of),
        ):
            if earlier:
                first_row, first = earlier
                return self._same_as(first_row) if first.name == entry.name else problem(first, entry)
        if entry.phone:
            self._phones[entry.phone] = (row, entry)
        if entry.member_number:
            self._numbers[entry.member_number] = (row, entry)
        if person:
            self._members[person.id] = row
        return person

    def _same_as(self, row: int) -> Problem:
        return Problem(ProblemCode.DUPLICATE_ROW, {"row": self._places[row]})


def _phone_of(owner: ReadPerson, entry: ReadPerson) -> Problem:
    return Problem(ProblemCode.PHONE_TAKEN, {"phone": entry.phone or "", "owner": owner.name})


def _number_of(owner: ReadPerson, entry: ReadPerson) -> Problem:
    return Problem(ProblemCode.NUMBER_TAKEN, {"number": entry.member_number, "owner": owner.name})


def _born_alike(one: ReadPerson, other: ReadPerson) -> bool:
    """Whether both could be born on the same day, as far as both are known."""
    if not one.born or not other.born:
        return True
    return one.born.startswith(other.born) or other.born.startswith(one.born)
