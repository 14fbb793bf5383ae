"""What stands in an audit row, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.core.i18n import LazyText, lazy_gettext
from app.core.workdays import DayKind
from app.features.members.rules import (
    DETAIL_LABELS,
    AuditAction,
    ExemptionKind,
    MemberStatus,
    OrganisationKind,
    Role,
    Sex,
)
from app.features.sign_in.outside.rules import Way

LOG: Final = "audit_entries"
"""What the chain of the audit log is called beside those of the branches."""
KEPT_FOR: Final = timedelta(days=366)
"""Twelve months (docs/domain.md §9); the database refuses to forget earlier."""
MOST_EXPORTED: Final = 20_000
"""Entries of one file; whoever wants more takes the days one after the other."""
_SERVER: Final = lazy_gettext("a command on the server")
_SOMEBODY: Final = lazy_gettext("somebody at the door")
_AT_THE_DOOR: Final = frozenset(
    {AuditAction.SIGN_IN_FAILED, AuditAction.SIGN_IN_LOCKED, AuditAction.SIGNED_OUT, AuditAction.FILE_TAKEN}
)
"""What somebody unknown can do."""
FIELD_LABELS: Final[Mapping[str, LazyText]] = {
    **DETAIL_LABELS,
    "proposed_by": lazy_gettext("Proposed by"),
    "place_name": lazy_gettext("Name of the organisation"),
    "member_number": lazy_gettext("Member number"),
    "branch": lazy_gettext("Branch"),
    "parent": lazy_gettext("Belongs to"),
    "left_on": lazy_gettext("Left on"),
    "role": lazy_gettext("Party post"),
    "roles": lazy_gettext("Party posts"),
    "place": lazy_gettext("Organisation"),
    "way": lazy_gettext("Way of signing in"),
    "kind": lazy_gettext("Kind"),
    "days_off": DayKind.OFF.label,
    "days_working": DayKind.WORKING.label,
    "starts_on": lazy_gettext("First day"),
    "ends_on": lazy_gettext("Last day"),
    "record_kind": lazy_gettext("Kind of record"),
    "record": lazy_gettext("Record"),
    "people": lazy_gettext("People"),
    "publishing_day": lazy_gettext("Publishing day"),
    "asks_peers": lazy_gettext("Colleagues are asked"),
    "version": lazy_gettext("Version"),
    "capacity": lazy_gettext("As"),
    "clean": lazy_gettext("All as it was written"),
    "branches": lazy_gettext("Branches"),
    "facts": lazy_gettext("Rows of the ledger"),
    "entries": lazy_gettext("Entries of the log"),
    "off": lazy_gettext("Left out"),
    "sessions": lazy_gettext("Signed out"),
    "slips": lazy_gettext("Slips ended"),
    "recovery_codes": lazy_gettext("Recovery codes ended"),
    "api_tokens": lazy_gettext("Secrets of other systems forgotten"),
    "calendar_feeds": lazy_gettext("Calendar addresses ended"),
    "notice_channels": lazy_gettext("Reminders outside switched off"),
    "card_consents": lazy_gettext("Public cards taken down"),
    "wish_slips": lazy_gettext("Wishers' codes ended"),
}
_WORDS: Final[Mapping[str, Mapping[str, LazyText]]] = {
    "way": dict(Way.choices()),
    "status": dict(MemberStatus.choices()),
    "sex": dict(Sex.choices()),
    "role": dict(Role.choices()),
    "clean": {"yes": lazy_gettext("yes"), "no": lazy_gettext("no")},
    "asks_peers": {"True": lazy_gettext("yes"), "False": lazy_gettext("no")},
    "kind": dict((*ExemptionKind.choices(), *OrganisationKind.choices())),
}


class Change(NamedTuple):
    """A field before and after, as people read it."""

    field: LazyText | str
    before: LazyText | str | None
    after: LazyText | str | None


class Verified(NamedTuple):
    """When everything was verified last, and what came of it."""

    at: datetime
    is_clean: bool
    by: str | None
    """None: a command on the server, or its timer."""
    numbers: Mapping[str, str]
    """Of ``branches``, of ``facts`` in the ledger and of ``entries`` in the log."""


def in_words(changes: Mapping[str, list[str | None]], kinds: Mapping[str, LazyText]) -> Iterator[Change]:
    """The changes of an entry, with the words for ``kinds`` of records; what has no word stays as it was written."""
    for field, (before, after) in changes.items():
        words = kinds if field == "record_kind" else _WORDS.get(field, {})
        yield Change(FIELD_LABELS.get(field, field), words.get(before or "", before), words.get(after or "", after))


def who_in_words(name: str | None, action: AuditAction) -> LazyText | str:
    """Who did it; without a name it was a command on the server, or somebody at the door."""
    return name or (_SOMEBODY if action in _AT_THE_DOOR else _SERVER)


def verified(at: datetime, changes: Mapping[str, list[str | None]], by: str | None) -> Verified:
    """What the entry of a verification says."""
    said = {field: after or "" for field, (_before, after) in changes.items()}
    return Verified(at, said.pop("clean") == "yes", by, said)
