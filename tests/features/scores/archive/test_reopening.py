"""A committee officer opens an archived sheet again: its year takes facts, and both versions stay as they were."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.core.errors import NotFoundError
from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction, Role
from app.features.scores.archive import kept, proof, queries, signing
from app.features.scores.archive.above import service
from app.features.scores.archive.models import ArchivedSheet, Reopening
from app.features.scores.archive.rules import NoArchivedSheetError, State
from tests.features.scores.archive.makers import YEAR, archived, signed_by
from tests.features.scores.makers import make_facts
from tests.makers import make_member

BY_DECISION = {"year": YEAR, "reason": "上级复核", "document": "机党〔2027〕8号"}


@pytest.fixture
def archived_alice(asked, given, sam, dora, alice):
    """Alice's year is archived; it is 10 May, far beyond the last day of archiving."""
    given(signed_by, alice)
    given(archived, sam, dora)
    asked.move_to(datetime(2027, 5, 10, 4, tzinfo=UTC))
    return asked


def test_a_fact_then_counts_in_the_year_and_two_versions_stand(archived_alice, given, sam, dora, carl, alice):
    given(service.reopen, carl.actor, who=alice.name, **BY_DECISION)
    assert given(kept.kept, alice.actor, alice.id, YEAR) is None
    given(make_facts, alice, FactType.SERVICE_WISH_REALISED, date(2026, 8, 8), counts_in=None)
    assert given(signing.ask, sam.actor, year=YEAR) >= 1
    given(signed_by, alice)
    assert given(archived, sam, dora) == (1, 0)

    with_versions = given(kept.versions_of, alice.actor, alice.id, YEAR)
    first, second = (row.ArchivedSheet for row in with_versions)
    assert (first.version, second.version, first.sha256 == second.sha256) == (1, 2, False)
    totals = [given(kept.kept, alice.actor, alice.id, YEAR, one).sheet.total for one in (1, 2)]
    assert totals[1] - totals[0] == 200
    for sheet in (first, second):
        assert given(lambda session, one=sheet: proof.fault_of(session, one)) is None
    assert with_versions[0].Reopening.document == "机党〔2027〕8号"
    about_alice = select(AuditEntry.action).where(AuditEntry.subject_id == alice.id).order_by(AuditEntry.id)
    assert given(lambda session: session.scalars(about_alice).all()) == [
        AuditAction.SHEET_ARCHIVED,
        AuditAction.SHEET_REOPENED,
        AuditAction.SHEET_ARCHIVED,
    ]


def test_only_from_above_and_never_for_oneself(
    archived_alice, given, database, committee, branch, sam, oscar, alice, carl
):
    own = given(make_member, branch, "康明", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    for actor, who, refusal in (
        (sam, alice.name, NoArchivedSheetError),
        (oscar, alice.name, NoArchivedSheetError),
        (carl, "没有此人", NoArchivedSheetError),
        (carl, sam.name, NoArchivedSheetError),  # whose sheet is not archived
        (own, alice.name, NoArchivedSheetError),  # of the own branch: somebody else above
    ):
        with pytest.raises(refusal):
            given(service.reopen, actor.actor, who=who, **BY_DECISION)
    given(service.reopen, carl.actor, who=alice.name, **BY_DECISION)
    with pytest.raises(NoArchivedSheetError):
        given(service.reopen, carl.actor, who=alice.name, **BY_DECISION)
    assert given(lambda session: session.query(Reopening).count()) == 1


def test_the_stranger_sees_none_of_it(archived_alice, given, alice, olga, oscar):
    for person in (olga, oscar):
        assert given(kept.kept, person.actor, alice.id, YEAR) is None
        with pytest.raises(NotFoundError):
            given(kept.kept, person.actor, alice.id, YEAR, 1)
    assert given(lambda session: session.query(ArchivedSheet).count()) == 1
    assert {one.state for one in given(queries.people, oscar.branch_id, YEAR)} == {State.NOT_ASKED}
