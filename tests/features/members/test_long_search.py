"""Whatever somebody types into a field that looks for something, the page answers."""

import pytest

from tests.features.members.makers import make_business_administrator
from tests.makers import as_member
from tests.page import page

LONG = 60_000
"""Signs; SQLite refuses patterns of more than 50,000 bytes."""


@pytest.mark.parametrize(
    "address",
    [
        "/members?q={}",
        "/slips?q={}",
        "/slips?who={}",
        "/study?q={}",
        "/members/{alice}/membership?to={}",
        "/members/{alice}/posts?place={}",
        "/organisations/{committee}?q={}",
        "/organisations/board?q={}",
    ],
)
def test_who_types_very_much_finds_nothing(client, given, branch, committee, alice, address):
    vera = given(make_business_administrator, branch, committee)
    asked = address.replace("{alice}", str(alice.id)).replace("{committee}", str(committee.id)).replace("{}", "")
    path, _, field = asked.partition("?")
    page(client.get(path, params={field.rstrip("="): "a" * LONG}, headers=as_member(vera)))
