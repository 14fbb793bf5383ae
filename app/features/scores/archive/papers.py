"""The forms of an archived year: 党员量化管理清单 one a person, 年度汇总表 without numbers, on paper and as files."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from app.core import clock
from app.core.chain import Head
from app.core.formats import hundredths, short_day
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.ledger.quantities import two_places
from app.features.members.rules import Role
from app.features.scores import words
from app.features.scores.archive.rules import SignatureWords, Why
from app.features.scores.objections.rules import About, ObjectionOutcome, State, called
from app.features.scores.queries import MemberSheet
from app.features.scores.sheet import ArchivedExtras, LineResult
from app.features.scores.trial import COLUMNS

_FACTS = ("member", "fact", "grade", "quantity", "occurred_on", "matter")


def signature(said: dict[str, Any]) -> str:
    """What stands where the member signs, with its day."""
    what = SignatureWords(said["said"])
    parts = [str(what.label)]
    if what is SignatureWords.UNSIGNED:
        parts = [_("not signed: %(why)s") % {"why": Why(said["why"]).label}]
    if said["words"]:
        parts.append(said["words"])
    return _("; ").join([*parts, dated(datetime.fromisoformat(said["at"]))])


def dated(moment: datetime) -> str:
    """The day of a moment, with its year: a paper is read in other years."""
    return short_day(clock.local_day(moment), 1)


def objections(kept: ArchivedExtras) -> list[str]:
    """What was objected to and what became of it, a sentence each."""
    lines = {line["id"]: line["title"] for part in kept.content["sheet"]["sections"] for line in part["lines"]}
    return [
        _("No. %(number)s, %(about)s: %(what)s")
        % {
            "number": called(kept.content["year"], one["number"]),
            "about": " · ".join([str(About(one["about"]).label), *_titled(lines.get(one["rule"]))]),
            "what": ObjectionOutcome(found).label
            if (found := one["decision"] or one["outcome"])
            else State(one["state"]).label,
        }
        for one in kept.content["objections"]
    ]


def _titled(title: str | None) -> list[str]:
    return [str(LazyText(title))] if title else []


def grade(kept: ArchivedExtras) -> str:
    """What the committee gave; empty where it gave none."""
    given = kept.content["grade"]
    return str(LazyText(given["label"])) if given else ""


def posts(kept: ArchivedExtras) -> str:
    """The Party posts at the end of the year."""
    return _(", ").join(str(Role(role).label) for role in kept.content["person"]["posts"])


def ends(kept: ArchivedExtras) -> list[str]:
    """Where the chains of the ledger ended, in the short form that is copied by hand."""
    named = kept.content["branches"]
    return [
        _("%(branch)s %(head)s") % {"branch": named[branch], "head": Head(head["seq"], head["digest"]).short}
        for branch, head in sorted(kept.content["heads"].items())
    ]


def code(kept: ArchivedExtras) -> str:
    """The check code in groups, to be read aloud and compared."""
    return " ".join(kept.sha256[start : start + 8] for start in range(0, len(kept.sha256), 8))


def days(shown: MemberSheet, line: LineResult) -> str:
    """How many facts a line has, and their days."""
    found = [fact.occurred_on for fact in shown.kept.facts if fact.fact_type in line.fact_types] if shown.kept else []
    if not found:
        return ""
    listed = _(", ").join(short_day(one, shown.period.year) for one in found)
    return _("%(n)s: %(days)s") % {"n": len(found), "days": listed}


def sheet_file(shown: MemberSheet) -> bytes:
    """One archived sheet as a file: its form, and its facts as ``sanliang rules try`` reads them."""
    return write_tables([_form(shown), _facts([shown])])


def sheets_file(sheets: Iterable[MemberSheet]) -> bytes:
    """The archived sheets of a branch: a table for each person, and at the end the facts of all by name."""
    found = list(sheets)
    forms = (_form(shown, number) for number, shown in enumerate(found, start=1))
    return write_tables([*forms, _facts(found)])


def summary(sheets: Iterable[MemberSheet]) -> Table:
    """年度汇总表: group, name, grade and whether it is signed, by group and pinyin. No numbers (decision 0011)."""
    return Table(
        _("Summary of the year"),
        (_("Group"), _("Name"), _("Grade"), _("Signed")),
        [(shown.group_name, shown.name, grade(shown.kept), _signed(shown.kept)) for shown in sheets if shown.kept],
    )


def _signed(kept: ArchivedExtras) -> str:
    said = kept.content["signature"]
    if SignatureWords(said["said"]) is SignatureWords.UNSIGNED:
        return signature(said).partition(_("; "))[0]
    return _("yes")


def _form(shown: MemberSheet, number: int = 0) -> Table:
    name = f"{number} {shown.name}" if number else shown.name
    headings = (_("Section"), _("Line of the sheet"), _("Facts"), _("Breakdown"), _("Points"), _("Maximum points"))
    return Table(name, headings, list(_form_rows(shown)))


def _form_rows(shown: MemberSheet) -> Iterator[Sequence[Cell]]:
    sheet, kept = shown.sheet, shown.kept
    for section in sheet.sections:
        for line in section.lines:
            said = _("; ").join(words.line_words(line)) if line.is_kept else _("not kept here")
            yield (
                f"{section.id} {section.title}",
                f"{line.rule_id} {line.title}",
                days(shown, line),
                said,
                two_places(line.points),
                two_places(line.maximum),
            )
        yield (f"{section.id} {section.title}", _("Section total"), None, None, two_places(section.points), None)
    if sheet.base is not None and sheet.total is not None:
        yield (_("Total"), None, None, None, two_places(sheet.base), two_places(sheet.maximum))
        yield (_("With additional points"), None, None, None, two_places(sheet.total), None)
    if kept is None:
        return
    for label, said in about(shown, kept):
        yield (label, said)


def about(shown: MemberSheet, kept: ArchivedExtras) -> list[tuple[str, str]]:
    """What stands around the lines: whose sheet it is, what is suggested, what was said, and the check code."""
    sheet = shown.sheet
    branch = f"{shown.branch_name} {shown.group_name or ''}".strip()
    if others := sorted({name for names in shown.elsewhere.values() for name in names}):
        branch += _(" (facts also of %(branches)s)") % {"branches": _(", ").join(others)}
    both = _("; ").join(
        f"{line.title} {hundredths(line.points)}/{hundredths(line.at_least)}" for line in sheet.double_good_lines
    )
    eligible = _("eligible") if sheet.double_good else _("not eligible")
    return [
        (_("Name"), shown.name),
        (_("Branch and group"), branch),
        (_("Party posts"), posts(kept)),
        (_("Year"), str(shown.period.year)),
        (_("Rule set"), sheet.version),
        (_("Standing"), str(sheet.standing.label)),
        (_("For the branch committee's reference only"), words.advice_words(sheet)),
        (_("Double good"), _("%(what)s (%(of)s)") % {"what": eligible, "of": both} if both else eligible),
        (_("Veto"), _("; ").join(f"{veto.kind.label} {veto.document}" for veto in shown.vetoes)),
        (_("Objections and what became of them"), _("; ").join(objections(kept)) or _("nothing was objected to")),
        (_("Grade by the branch committee"), grade(kept)),
        (_("The member"), signature(kept.content["signature"])),
        (_("Version"), str(kept.version)),
        (_("Where the ledger ended"), _("; ").join(ends(kept))),
        (_("Check code"), kept.sha256),
    ]


def _facts(sheets: Iterable[MemberSheet]) -> Table:
    rows = [
        (
            shown.name,
            str(fact.fact_type),
            fact.grade,
            two_places(fact.quantity),
            fact.occurred_on,
            fact.matter,
            str(fact.fact_type.label),
        )
        for shown in sheets
        for fact in (shown.kept.facts if shown.kept else ())
    ]
    return Table(_("Ledger"), (*(COLUMNS[name][1] for name in _FACTS), _("In words")), rows)
