"""A form that carries nothing changes nothing that is stored: absent is not empty, on every route that takes a form."""

import pytest
from sqlalchemy import text

from app.core.routing import READING_METHODS, route_doors
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
