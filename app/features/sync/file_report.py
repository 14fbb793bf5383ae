"""What became of each item of a handed-over file, in words for the officer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.sync.rules import SyncOutcome, Verdict

VERDICT_LABELS: Final[Mapping[Verdict, LazyText]] = MappingProxyType(
    {
        Verdict.ACCEPTED: _("taken in"),
        Verdict.DUPLICATE: _("was here already"),
        Verdict.REVIEW: _("taken in, to be looked at"),
        Verdict.HELD: _("waits for another record"),
        Verdict.WITHDRAWN: _("was withdrawn before"),
        Verdict.CONFLICT: _("contradicts another record"),
        Verdict.REFUSED: _("not possible"),
        Verdict.RETRY: _("please try again later"),
    }
)
TONES: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.ACCEPTED: "ok",
        Verdict.REVIEW: "ok",
        Verdict.CONFLICT: "red",
        Verdict.REFUSED: "red",
        Verdict.RETRY: "warn",
    }
)
TITLE_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One item of the file."""

    title: str
    """Empty if the item has none that can be read."""
    label: LazyText
    message: str
    tone: str


def rows(items: Iterable[object], outcomes: Iterable[SyncOutcome]) -> list[TakenRow]:
    """The items of a file beside what came of each, in its order."""
    return [
        TakenRow(
            title=_title(item),
            label=VERDICT_LABELS[outcome.verdict],
            message=outcome.message or "",
            tone=TONES.get(outcome.verdict, ""),
        )
        for item, outcome in zip(items, outcomes, strict=True)
    ]


def _title(item: object) -> str:
    payload = item.get("payload") if isinstance(item, dict) else None
    title = payload.get("title") if isinstance(payload, dict) else None
    return title[:TITLE_SHOWN] if isinstance(title, str) else ""
