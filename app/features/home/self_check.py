"""The red lines (docs/domain.md §2) and how this installation keeps each.

An administrator can switch none of them off. What can be looked up in an installation is looked up at the moment of
asking; what holds by how the software is built, and is held by its tests, is said to be that and not to be found.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.core import clock, formats, pages, pulses
from app.core.db import Base
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.audit.rules import KEPT_FOR as LOG_KEPT_FOR
from app.features.complaints import queries as complaints
from app.features.complaints.rules import ANSWERED_WITHIN, KEPT_AFTER
from app.features.ledger.forbidden import FORBIDDEN_FACT_TYPES, forbidden
from app.features.ledger.rules import FactType
from app.features.notices.rules import EVERY, FIRST_HOUR, LAST_HOUR, is_polite
from app.features.wishes.contacts.rules import KEPT_FOR as CONTACTS_KEPT_FOR

SWEPT_EVERY: Final = timedelta(days=2)
"""Longer ago than this the hourly sweep has stopped, and nothing is erased on its day any more."""
_FOLLOWS_PEOPLE: Final = re.compile(r"latitude|longitude|gps|selfie|countdown|online|last_seen|log_?in_count|installed")
_EXPORTS: Final = frozenset({"export.json", "export.xlsx"})
_FILE_FIELD: Final = re.compile(r"<input\b[^>]*type=[\"']file[\"'][^>]*>", re.IGNORECASE)


class SelfCheck(NamedTuple):
    """One line: whether it is kept, and what was looked at."""

    line: LazyText
    is_kept: bool | None
    """``None``: by how the software is built; there is nothing to look up in an installation."""
    how: str


def look(session: Session, paths: Collection[str], now: datetime) -> list[SelfCheck]:
    """All twelve lines in their order; ``paths`` are the addresses that this installation serves."""
    words = [word for path in paths for word in path.strip("/").split("/")]
    columns = [column.name for table in Base.metadata.tables.values() for column in table.columns]
    box = complaints.standing(session)
    swept = pulses.last(session, "sweep")
    monday = clock.local_time(now).replace(year=2026, month=3, day=9)  # a working day
    rude = (monday.replace(hour=20, minute=0), monday.replace(hour=7, minute=59), monday.replace(day=8, hour=10))
    return [
        SelfCheck(
            lazy_gettext("No ranking of people"),
            not _broken(1, (*words, *columns)),
            _("%(paths)s addresses and %(columns)s columns were looked at: no name speaks of a ranking.")
            % {"paths": len(paths), "columns": len(columns)},
        ),
        SelfCheck(
            lazy_gettext("Using the software never counts"),
            not any(forbidden(fact) for fact in FactType),
            _("%(facts)s kinds of fact may be counted; %(barred)s kinds are barred, each with its rule.")
            % {"facts": len(FactType), "barred": len(FORBIDDEN_FACT_TYPES)},
        ),
        SelfCheck(
            lazy_gettext("No forced check-in, no tracking"),
            not any(_FOLLOWS_PEOPLE.search(name) for name in columns),
            _("No place, no time online and no last visit is kept of anybody for others to see."),
        ),
        SelfCheck(
            lazy_gettext("No required attachment"),
            not _required_files(pages.WEB_DIR / "templates"),
            _("No form requires a photo or a screenshot. Places and cameras are taken out of photos."),
        ),
        SelfCheck(
            lazy_gettext("Entered once"),
            None,
            _("Sheets, lists and prints are made from the records; nobody types them again."),
        ),
        SelfCheck(
            lazy_gettext("Everything can be done for somebody"),
            None,
            _("Officers record for members without a phone; it says by whom."),
        ),
        SelfCheck(
            lazy_gettext("Reminders are polite"),
            timedelta(days=3) <= EVERY and not any(map(is_polite, rude)),
            _(
                "At most one in %(days)s days for an item, %(first)s to %(last)s o'clock, on working days, and each "
                "can be switched off."
            )
            % {"days": EVERY.days, "first": FIRST_HOUR, "last": LAST_HOUR},
        ),
        SelfCheck(
            lazy_gettext("The software suggests, people decide"),
            None,
            _("Every line of a sheet opens its records and can be asked about; grades are entered by people."),
        ),
        SelfCheck(
            lazy_gettext("No shop, no money"),
            not _broken(9, (*words, *columns)),
            _("No address sells, pays or exchanges."),
        ),
        SelfCheck(
            lazy_gettext("Contacts of wishers are sealed"),
            settings().contacts_key_file.is_file() and swept is not None and now - swept <= SWEPT_EVERY,
            _("Erased %(days)s days after the end. The sweep that erases last ran: %(when)s.")
            % {"days": CONTACTS_KEPT_FOR.days, "when": _moment(swept)},
        ),
        SelfCheck(
            lazy_gettext("Opinions and complaints are answered"),
            not box.late,
            _("%(came)s came, %(answered)s are answered, %(late)s wait longer than %(days)s working days.")
            % {"came": box.came, "answered": box.answered, "late": box.late, "days": ANSWERED_WITHIN},
        ),
        SelfCheck(
            lazy_gettext("Everything can be taken along"),
            set(words) >= _EXPORTS,
            _("Every member can take their own data along; the system administrator can copy the whole database."),
        ),
    ]


def kept_for() -> list[tuple[LazyText, str]]:
    """How long things are kept."""
    days = _("%(n)s days")
    return [
        (lazy_gettext("Log of what was done"), days % {"n": LOG_KEPT_FOR.days}),
        (lazy_gettext("Contacts of wishers, after the end"), days % {"n": CONTACTS_KEPT_FOR.days}),
        (lazy_gettext("Opinions and complaints, after the answer"), days % {"n": KEPT_AFTER.days}),
    ]


def _broken(line: int, names: Collection[str]) -> list[str]:
    return [name for name in names if (found := forbidden(name)) and found.red_line == line]


@cache
def _required_files(templates: Path) -> list[str]:
    texts = [file.read_text("utf-8") for file in sorted(templates.rglob("*.html"))]
    return [field for text in texts for field in _FILE_FIELD.findall(text) if "required" in field]


def _moment(at: datetime | None) -> str:
    return formats.stamp(at) if at else _("never")
