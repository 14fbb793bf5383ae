"""Who sees whose sheet, of which years, and at what cost."""

from datetime import date

import pytest

from app.features.ledger.rules import FactType
from tests.features.scores.makers import make_facts, words
from tests.makers import ENGLISH, as_member
from tests.page import page


@pytest.mark.parametrize("address", ["", "/2026", "/2026/lines/B2", "/2026/export.xlsx"])
@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar", "carl"])
def test_nobody_else_sees_a_sheet(lenient_client, request, alice, november, stranger, address):
    who = request.getfixturevalue(stranger)
    response = lenient_client.get(f"/members/{alice.id}/sheet{address}", headers=as_member(who))
    assert response.status_code == 404
    assert alice.name not in response.text


@pytest.mark.parametrize("officer", ["sam", "dora"])
def test_officers_see_the_sheets_of_their_branch(client, request, alice, november, officer):
    who = request.getfixturevalue(officer)
    soup = page(client.get(f"/members/{alice.id}/sheet", headers=as_member(who)))
    assert alice.name in words(soup.h1)
    assert soup.select_one("#line-facts-B2")["hx-get"] == f"/members/{alice.id}/sheet/2026/lines/B2"


@pytest.mark.parametrize(
    "address",
    ["/sheet/2027", "/sheet/2024", "/sheet/0", "/sheet?through=2026-12", "/sheet?through=x", "/sheet/2026/lines/Z9"],
)
def test_there_is_no_such_sheet(lenient_client, alice, november, address):
    page(lenient_client.get(address, headers=as_member(alice)), status=404)


def test_a_year_before_the_first_says_so(client, given, alice, olga, november):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2026, 3, 9))
    soup = page(client.get("/sheet/2025", headers=ENGLISH | as_member(alice)))
    assert "No sheet of 2025 Nothing was recorded here then. The first sheet is that of 2026." in words(soup.main)
    assert soup.select(".fig, .year, article.a4, a[href*=export]") == []
    for address in ("/sheet/2024", "/sheet/2025/lines/B2", "/sheet/2025/export.xlsx"):
        said = words(page(client.get(address, headers=ENGLISH | as_member(alice)), status=404).body)
        assert "nothing was recorded here then. The first one is that of 2026." in said
    stranger = client.get(f"/members/{alice.id}/sheet/2025", headers=ENGLISH | as_member(olga))
    assert "2026" not in words(page(stranger, status=404).main)


def test_the_first_year_is_that_of_the_first_fact(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2024, 3, 9))
    soup = page(client.get("/sheet/2025", headers=as_member(alice)))
    assert {link["href"] for link in soup.select(".set a")} >= {"/sheet/2024", "/sheet/2026"}
    assert soup.select(".still") == []


def test_the_pages_cost_few_statements(client, examples, sam, statements, year_over):
    member, headers = examples["王敏"], as_member(sam)
    costs = {}
    for address in ("", "/lines/B2", "/export.xlsx"):
        statements.clear()
        assert client.get(f"/members/{member.id}/sheet/2026{address}", headers=headers).status_code == 200
        costs[address] = len([sql for sql in statements if not sql.startswith("BEGIN")])
    statements.clear()
    client.get("/sheets", headers=headers)
    # whether it is archived and, on the own sheet alone, what may be signed; a file that leaves is noted in the log
    assert costs == {"": 7, "/lines/B2": 8, "/export.xlsx": 9}
    assert len([sql for sql in statements if not sql.startswith("BEGIN")]) == 3
