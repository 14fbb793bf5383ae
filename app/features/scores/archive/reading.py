"""An archived text as the pages show sheets: nothing of it is read from the present."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self
from uuid import UUID

from app.core.i18n import LazyText
from app.features.ledger.rules import FactType
from app.features.scores import sheet
from app.features.scores.archive.snapshot import Content
from app.features.scores.rule_set import RuleSet


@dataclass(frozen=True, slots=True)
class KeptFact:
    """A fact of an archived sheet, as the page of a line and the file show facts."""

    id: UUID
    branch_id: UUID
    branch_name: str
    seq: int
    fact_type: FactType
    grade: str
    quantity: int
    occurred_on: date
    counts_in: date
    matter: str
    note: str
    source: str
    source_id: str
    posted_at: datetime
    recorded_by_id: UUID
    """Of whom the sheet is: who recorded it stands in the ledger."""
    recorded_by: None = None
    confirmed_by: None = None
    reversed_at: None = None
    reversed_because: None = None
    reversed_by: None = None


class KeptVeto(NamedTuple):
    """A veto of an archived sheet, with its document."""

    kind: sheet.Veto
    basis: str
    document: str
    dated: date

    @classmethod
    def read(cls, said: Content) -> Self:
        """As it stands in a content."""
        return cls(sheet.Veto(said["kind"]), said["basis"], said["document"], date.fromisoformat(said["dated"]))


def facts_of(content: Content) -> list[KeptFact]:
    """The facts of a content, by day."""
    return [
        KeptFact(
            id=UUID(fact["id"]),
            branch_id=UUID(fact["branch"]),
            branch_name=content["branches"][fact["branch"]],
            seq=fact["seq"],
            fact_type=FactType(fact["type"]),
            grade=fact["grade"],
            quantity=fact["quantity"],
            occurred_on=date.fromisoformat(fact["occurred_on"]),
            counts_in=date.fromisoformat(fact["counts_in"]),
            matter=fact["matter"],
            note=fact["note"],
            source=fact["source"],
            source_id=fact["source_id"],
            posted_at=datetime.fromisoformat(fact["posted_at"]),
            recorded_by_id=UUID(content["person"]["id"]),
        )
        for fact in content["facts"]
    ]


def sheet_of(content: Content, rules: RuleSet) -> sheet.Sheet:
    """The sheet of a content, as the pages show sheets. Nothing is possible any more beyond what is there."""
    said = content["sheet"]
    read = {rule.id: rule.fact_types for rule in rules.rules()}

    def step(one: Content) -> sheet.SheetStep:
        return sheet.SheetStep(
            label=LazyText(one["label"]),
            found=one["found"],
            counted=one["counted"],
            points=one["points"],
            formula=one["formula"],
            keys=tuple(sheet.FactKey(FactType(kind), grade) for kind, grade in one["keys"]),
            limits=tuple(sheet.Limit(sheet.LimitKind(kind), most) for kind, most in one["limits"]),
            grade=one["grade"],
            matter=one["matter"],
        )

    def line(one: Content) -> sheet.LineResult:
        return sheet.LineResult(
            rule_id=one["id"],
            title=LazyText(one["title"]),
            counted=LazyText(one["counted"]),
            source=one["source"],
            start=one["start"],
            reached=one["reached"],
            points=one["points"],
            maximum=one["maximum"],
            possible=one["points"],
            awaited=0,
            missing=one["missing"],
            to_come=0,
            more=(),
            is_kept=one["is_kept"],
            steps=tuple(map(step, one["steps"])),
            fact_types=read[one["id"]],
        )

    sections = tuple(
        sheet.SectionResult(
            id=one["id"],
            title=LazyText(one["title"]),
            points=one["points"],
            maximum=one["maximum"],
            possible=one["points"],
            lines=tuple(map(line, one["lines"])),
            withheld=one["withheld"],
        )
        for one in said["sections"]
    )
    return sheet.Sheet(
        version=content["rules"]["version"],
        through=date(content["year"], 12, 31),
        standing=sheet.ScoreStanding(content["standing"]),
        sections=sections,
        base=said["base"],
        total=said["total"],
        maximum=said["maximum"],
        whole=said["whole"],
        base_possible=said["base"],
        possible=said["total"],
        awaited=0,
        advice=said["advice"] and sheet.Advice(said["advice"]),
        double_good=said["double_good"],
        double_good_lines=tuple(
            sheet.DoubleGoodResult(LazyText(one["title"]), one["points"], one["at_least"])
            for one in said["double_good_lines"]
        ),
        vetoes=tuple(sorted(sheet.Veto(veto["kind"]) for veto in content["vetoes"])),
    )
