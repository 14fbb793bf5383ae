"""A result that never came is told before the sheets are signed and archived, and holds nobody up."""

from datetime import date

from app.features.ledger.rules import AppraisalGrade, FactType
from app.features.scores.archive import signing
from tests.features.scores.archive.makers import YEAR, archived, signed_by
from tests.features.scores.makers import make_facts
from tests.makers import ENGLISH, as_member
from tests.page import page


def shown(client, person, address):
    return page(client.get(address, headers=ENGLISH | as_member(person)))


def row_of(soup, person):
    return next(row.get_text(" ", strip=True) for row in soup.select("li.row") if person.name in row.text)


def test_the_archive_and_who_signs_are_told_what_is_missing_while_it_can_still_come(
    client, settled, given, sam, dora, alice, bob
):
    for member, quarters in ((alice, (3, 6, 9, 12)), (bob, (3, 6, 9))):
        ends = [date(YEAR, month, 30 if month in (6, 9) else 31) for month in quarters]
        given(make_facts, member, FactType.APPRAISAL_QUARTER, *ends, grade=AppraisalGrade.GOOD.value)
    given(make_facts, alice, FactType.REVIEW_RESULT, date(YEAR, 12, 31), quantity=800)
    given(signing.ask, sam.actor, year=YEAR)
    soup = shown(client, sam, "/archive/2026")
    assert "Missing" not in row_of(soup, alice)
    assert "Missing: Quarterly appraisals, Democratic review" in row_of(soup, bob)
    assert "Once archived" in soup.text
    assert "Missing" not in shown(client, alice, "/sheet/2026/sign").text
    assert "Missing: Quarterly appraisals, Democratic review." in shown(client, bob, "/sheet/2026/sign").text
    given(signed_by, alice, bob)
    assert given(archived, sam, dora) == (2, 0)
    soup = shown(client, sam, "/archive/2026")
    assert "Missing" not in row_of(soup, bob)
