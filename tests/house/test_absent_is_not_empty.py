"""A form that carries nothing changes nothing that is stored: absent is not empty, on every route that takes a form."""

import inspect
from typing import get_args

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import text
from starlette.datastructures import FormData

from app.core.routing import READING_METHODS, route_doors
from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_approved, make_draft
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_wish
from tests.makers import as_member

STORED = ("members", "card_identities", "organisations", "pledges", "duties", "wishes", "role_terms")


def stored(database):
    with database.read() as session:
        return {table: session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all() for table in STORED}


@pytest.mark.parametrize("name", ["alice", "sam", "carl"])
def test_an_empty_form_erases_nothing(app, client, database, request, alice, branch, name):
    known = {"member_id": alice.id, "place_id": branch.id}
    client.post(
        f"/shows/members/{alice.id}/identity",
        data={
            "motto": "先做好一件小事",
            "service_scope": "窗口",
            "office_phone": "0931-1234567",
            "pioneer_post": "true",
        },
        headers=as_member(alice),
    )
    before = stored(database)
    assert before["card_identities"]
    headers = as_member(request.getfixturevalue(name))
    for methods, path, _door in route_doors(app):
        if set(methods.split(",")) <= READING_METHODS or path in ("/sign-out", "/me/devices/end-others"):
            continue
        parts = (
            str(known.get(part.strip("{}").split(":")[0], "0192f0c1-2345-7000-8000-000000000000"))
            if part.startswith("{")
            else part
            for part in path.split("/")
        )
        address = "/".join(parts)
        assert client.post(address, data={"x": "1"}, headers=headers).status_code < 500, path
        after = stored(database)
        assert after == before, path


THE_ACT_ITSELF = {
    "/wishes/{wish_id:uuid}/claim",  # alone, if nothing else is said
    "/wishes/{wish_id:uuid}/release",  # the reason may stay empty
    "/wishes/desk/{wish_id:uuid}/withdraw",  # so may this one
    "/wishes/desk/{wish_id:uuid}/later",  # and the day by which it helps
}
"""Forms in which every field may stay empty: sending one is the act, and erases nothing that was said before."""


def forms_of(app):
    """Every address with an id to which a form is sent."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        endpoint = getattr(route, "endpoint", None)
        if endpoint is None or "POST" not in (getattr(route, "methods", None) or ()) or "{" not in (context.path or ""):
            continue
        hints = [parameter.annotation for parameter in inspect.signature(endpoint).parameters.values()]
        if any(FormData in get_args(hint) for hint in hints):
            yield context.path


def test_an_empty_form_about_a_real_thing_changes_nothing(app, client, database, given, alice, sam, branch):
    community = given(make_community, branch)
    cora = given(make_collector, community)
    wish, claimed = (given(make_wish, community, branch, cora, sam) for _number in range(2))
    given(make_claimed, claimed, alice)
    things = {
        "member_id": [alice.id],
        "place_id": [branch.id],
        "community_id": [community.id],
        "duty_id": [given(make_duty, alice)],
        "pledge_id": [given(make_draft, alice), *given(make_approved, alice, sam, "每月一次")],
        "wish_id": [wish.id, claimed.id],
    }
    before, changed, tried = stored(database), set(), 0
    for path in forms_of(app):
        (name, *others) = [part.strip("{}").split(":")[0] for part in path.split("/") if part.startswith("{")]
        if others or name not in things:
            continue
        for thing in things[name]:
            for person in (alice, sam, cora):
                address = "/".join(str(thing) if part.startswith("{") else part for part in path.split("/"))
                assert client.post(address, data={"x": "1"}, headers=as_member(person)).status_code < 500, path
                tried += 1
                if (after := stored(database)) != before:
                    changed.add(path)
                    before = after
    assert tried > 60
    assert changed == THE_ACT_ITSELF
