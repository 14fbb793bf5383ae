"""The standard people are who the tests take them for, and are signed in whatever day it is."""

from datetime import UTC, datetime
from typing import Annotated

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from fastapi.testclient import TestClient

from app.core.routing import Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission, Role
from app.features.sign_in.door import anyone
from tests.makers import as_member, make_branch, make_group, make_member

router = Router()


@router.get("/who")
def who(actor: Annotated[Actor | None, anyone()]) -> Response:
    """Who came in, and what they may do."""
    return JSONResponse([actor.name, actor.branch_name, sorted(actor.permissions)] if actor else None)


@pytest.fixture
def entrance(database) -> TestClient:
    app = FastAPI()
    app.state.database = database
    app.include_router(router)
    return TestClient(app)


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "dora", "olga", "oscar", "carl"])
def test_everybody_is_signed_in_as_their_actor(entrance, request, name):
    person = request.getfixturevalue(name)
    came_in = entrance.get("/who", headers=as_member(person)).json()
    assert came_in == [person.name, person.branch_name, sorted(person.actor.permissions)]


def test_nobody_is_signed_in_without_a_cookie(entrance):
    assert entrance.get("/who").json() is None


@pytest.mark.parametrize("year", [2020, 2050])
def test_time_travellers_stay_signed_in_and_leave_no_trace(entrance, sam, statements, year):
    with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=False):
        assert entrance.get("/who", headers=as_member(sam)).json()[0] == sam.name
    assert [sql for sql in statements if sql.startswith("UPDATE")] == []


def test_who_is_who(alice, bob, sam, dora, olga, carl, branch):
    assert alice.branch_id == bob.branch_id == sam.branch_id == dora.branch_id == branch.id != olga.branch_id
    assert alice.group_id == bob.group_id is not None
    assert Permission.APPROVE in sam.actor.permissions & dora.actor.permissions
    assert Permission.APPROVE not in alice.actor.permissions | carl.actor.permissions
    assert Permission.SEE_AGGREGATES in carl.actor.permissions


def test_more_people_can_be_made(entrance, given):
    branch = given(make_branch, "第九党支部")
    person = given(make_member, branch, "单小明", roles=(Role.SECRETARY,), group=given(make_group, branch), post="科长")
    assert entrance.get("/who", headers=as_member(person)).json()[:2] == ["单小明", "第九党支部"]
