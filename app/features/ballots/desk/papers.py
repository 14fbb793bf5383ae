"""民主评议测评票, 汇总表, 登记表: one function a form, for the page that is printed and for the file."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import formats
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.core.tables import Table
from app.features.ballots import queries, view
from app.features.ballots.models import DemocraticReview, SelfAssessment
from app.features.ballots.rules import DISTRIBUTION_FROM, Grade
from app.features.members.models import Member
from app.features.members.two_people import Stands

_WORDS = select(SelfAssessment.member_id, SelfAssessment.words).where(SelfAssessment.review_id == bindparam("review"))
_NAMES = select(Member.id, Member.name).where(Member.id.in_(IDS))


def ballot(session: Session, found: DemocraticReview) -> Table:
    """The ballot 测评票: no number, no sign, nobody's name but those who are assessed."""
    rows = [
        (number, one.name, *("" for _grade in Grade), "")
        for number, one in enumerate(queries.roll(session, found).subjects, 1)
    ]
    return Table(
        _("Ballot of the democratic review"),
        (_("Number"), _("Name"), *(str(grade.label) for grade in Grade), _("Opinion, if any")),
        rows,
    )


def summary(session: Session, found: DemocraticReview) -> Table:
    """汇总表: the numbers of the ballot, and the marks of each where there are enough to show them."""
    roll, cast, marks = queries.roll(session, found), queries.cast_of(found), queries.tallies(session, found.id)
    numbers = (
        (_("May take part"), roll.may_take_part),
        (_("Present"), len(roll.present)),
        (_("Given out, phone and paper"), roll.taken),
        (_("Came back"), cast.cast),
        (_("Valid"), cast.counted),
    )
    rows = [(label, number, "", "", "") for label, number in numbers if found.phone is not None]
    for one in roll.subjects:
        spread = marks.get(one.id, (0, 0, 0, 0))
        rows.append((one.name, *(spread if sum(spread) >= DISTRIBUTION_FROM else ("—",) * 4)))
    return Table(_("Summary of the democratic review"), (_("Name"), *(str(grade.label) for grade in Grade)), rows)


def register(session: Session, found: DemocraticReview) -> Table:
    """登记表: what each said, how the vote was, what the committee says, how it was told."""
    marks, opinions = queries.tallies(session, found.id), queries.opinions(session, found.id)
    words = {row.member_id: row.words for row in session.execute(_WORDS, {"review": found.id})}
    tellers = {one.told_by_id for one in opinions.values() if one.told_by_id}
    names = {row.id: row.name for row in session.execute(_NAMES, {"ids": sorted(tellers)})}
    rows = []
    for one in queries.roll(session, found).subjects:
        opinion = opinions.get(one.id)
        given = opinion if opinion and opinion.stands is Stands.CONFIRMED else None
        told = view.told(marks.get(one.id), given)
        when = f"{formats.short_day(given.told_on)} {names[given.told_by_id]}" if given and given.told_on else ""
        grade, reason = (str(given.grade.label), given.reason or "") if given else ("", "")
        rows.append((one.name, words.get(one.id, ""), told.ballot, reason, grade, when, ""))
    headings = (
        _("Name"),
        _("Own words (200 characters at most)"),
        _("Result of the ballot"),
        _("Opinion of the committee"),
        _("Grade"),
        _("Told on, by"),
        _("Own signature"),
    )
    return Table(_("Register of the democratic review"), headings, rows)
