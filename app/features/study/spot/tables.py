"""抽检记录: one check, with all that somebody needs to compute the draw again."""

from app.core.i18n import gettext as _
from app.core.tables import Table
from app.features.study.quiz.rules import Next
from app.features.study.spot.queries import Checked


def record(found: Checked, address: str) -> list[Table]:
    """The draws of a check, what they drew, the pool in its order, and the ``address`` at which all of it stands."""
    headings = (
        _("Period"),
        _("Records"),
        _("Percent"),
        _("Drawn"),
        _("Seed"),
        _("Promised SHA-256 of the seed"),
        _("Numbers drawn"),
        _("Conclusion"),
    )
    rows = []
    for sample in found.samples:
        draw = sample.draw
        words = _("%(n)s returned") % {"n": sample.returned} if sample.is_looked_at else _("being looked at")
        numbers = " ".join(str(draw.pool.index(str(row.id)) + 1) for row in sample.rows)
        period = f"{draw.first_day.isoformat()} – {draw.last_day.isoformat()}"
        rows.append((period, len(draw.pool), draw.percent, draw.take, draw.seed, draw.commitment, numbers, words))
    conclusion = conclusion_of(found)
    pool = [(number, name) for number, name in enumerate(found.draw.pool, 1)]
    return [
        Table(_("Record of a spot check"), headings, rows),
        Table(_("Conclusion"), (_("Conclusion"),), [(conclusion,)]),
        Table(_("What was drawn from"), (_("No."), _("Id of the record")), pool),
        Table(_("To compute it again"), (_("Address"),), [(address,)]),
    ]


def conclusion_of(found: Checked) -> str:
    """How the check stands, in words."""
    if found.next is None:
        return _("The sample is being looked at.")
    if found.next is Next.NOTHING:
        return _("Nothing is left to decide.")
    return str(found.next.label)
