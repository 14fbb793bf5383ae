"""Whatever somebody types into a field that looks for something, the page answers; what is not there is not found."""

import re
from typing import get_args

import pytest
from fastapi.routing import iter_route_contexts

from app.features.audit.routes import FilterForm
from app.features.members.rules import Role
from tests.features.members.makers import make_business_administrator
from tests.features.study.makers import make_study_record
from tests.makers import as_member, make_member
from tests.page import page

LONG = 60_000
"""Signs; SQLite refuses patterns of more than 50,000 bytes."""
READ_BY_HAND = {
    *((path, "through") for path in ("/sheet", "/sheet/2026")),
    *(("/audit", name) for name in FilterForm.model_fields),
}
"""What routes take from the address without naming it as a parameter."""


def words_in_addresses(app):
    """Each page with what can be typed into its address."""
    yield from READ_BY_HAND
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if "GET" in (getattr(route, "methods", None) or ()) and hasattr(route, "dependant"):
            for field in route.dependant.query_params:
                if field.field_info.annotation is str or str in get_args(field.field_info.annotation):
                    yield context.path, field.alias


def test_who_types_very_much_is_answered(app, client, given, branch, committee, alice, sam):
    vera = given(make_business_administrator, branch, committee)
    adam = given(make_member, branch, "敖迪", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)
    ids = {"member_id": alice.id, "place_id": committee.id, "review_id": given(make_study_record, alice)}
    asked = set(words_in_addresses(app))
    assert len(asked) > 25
    for path, name in asked:
        address, long = re.sub(r"\{(\w+)\}", lambda part: str(ids[part[1]]), path), {name: "a" * LONG}
        answers = {
            client.get(address, params=long, headers=as_member(person)).status_code
            for person in (alice, sam, vera, adam)
        }
        assert answers <= {200, 303, 403, 404, 422}, (path, name)
        assert answers != {403}, f"nobody who may open {path}"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/members?q", "{alice}"),
        ("/slips?who", "{alice}"),
        ("/slips?q", "{other_branch}"),
        ("/study?q", "《监察法》第三章"),
        ("/members/{alice_id}/membership?to", "{other_branch}"),
        ("/members/{alice_id}/posts?place", "{committee}"),
        ("/organisations/{committee_id}?q", "{other_branch}"),
        ("/organisations/board?q", "{other_branch}"),
    ],
)
def test_who_types_very_much_finds_nothing(client, given, branch, other_branch, committee, alice, address, found):
    vera = given(make_business_administrator, branch, committee)
    given(make_study_record, vera)
    names = {"alice": alice.name, "other_branch": other_branch.name, "committee": committee.name}
    found = found.format_map(names)
    path, field = address.format(alice_id=alice.id, committee_id=committee.id).split("?")

    def finds(typed):
        return found in page(client.get(path, params={field: typed}, headers=as_member(vera))).main.get_text()

    assert finds(found[:-1])
    assert not finds(found[:-1] + "a" * LONG)
