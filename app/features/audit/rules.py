"""What stands in an audit row, in words."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from app.core.i18n import LazyText, lazy_gettext
from app.features.members.rules import (
    DETAIL_LABELS,
    EXEMPTION_LABELS,
    KIND_LABELS,
    ROLE_LABELS,
    SEX_LABELS,
    STATUS_LABELS,
)

LOG: Final = "audit_entries"
"""What the chain of the audit log is called beside those of the branches."""
KEPT_FOR: Final = timedelta(days=366)
"""Twelve months (docs/domain.md §9); the database refuses to forget earlier."""
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
    "kind": lazy_gettext("Kind"),
    "starts_on": lazy_gettext("First day"),
    "ends_on": lazy_gettext("Last day"),
    "record_kind": lazy_gettext("Kind of record"),
    "record": lazy_gettext("Record"),
    "people": lazy_gettext("People"),
    "publishing_day": lazy_gettext("Publishing day"),
    "asks_peers": lazy_gettext("Colleagues are asked"),
    "version": lazy_gettext("Version"),
    "capacity": lazy_gettext("As"),
}
_WORDS: Final[Mapping[str, Mapping[str, LazyText]]] = {
    "status": {status.value: label for status, label in STATUS_LABELS.items()},
    "sex": {sex.value: label for sex, label in SEX_LABELS.items()},
    "role": {role.value: label for role, label in ROLE_LABELS.items()},
    "kind": {kind.value: label for labels in (EXEMPTION_LABELS, KIND_LABELS) for kind, label in labels.items()},
}


class Change(NamedTuple):
    """A field before and after, as people read it."""

    field: LazyText | str
    before: LazyText | str | None
    after: LazyText | str | None


def in_words(changes: Mapping[str, list[str | None]]) -> Iterator[Change]:
    """The changes of an entry; what has no word of its own stays as it was written."""
    for field, (before, after) in changes.items():
        words = _WORDS.get(field, {})
        yield Change(
            FIELD_LABELS.get(field, field),
            words.get(before or "", before),
            words.get(after or "", after),
        )
