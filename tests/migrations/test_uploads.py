"""Lists that wait for their confirmation change their tables and are there: once in three tables, now in one."""

import json

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Uuid, bindparam, text

from app.core import clock, schema, sealing
from app.core.settings import PROJECT_DIR
from app.features.imports import service
from app.features.imports.lists import Placed
from app.features.imports.models import Upload
from app.features.members.rules import Role
from app.features.roster.listing import ROSTER
from app.features.shows.duties.imports.listing import DUTY_LIST
from app.features.wishes.imports.listing import WISH_LIST
from tests.features.roster.makers import roster_file
from tests.features.shows.duties.imports.makers import duty_file
from tests.makers import make_branch, make_committee, make_member

BEFORE = "0015"
SEALED_BEFORE = {
    "headings": ["微心愿", "类别"],
    "unread": [],
    "rows": [{"number": 2, "cells": ["想要一台收音机", "助老"], "entry": {}, "problems": []}],
}
"""What the former version sealed."""
WISH = text(
    "INSERT INTO wish_uploads (id, uploaded_by_id, community_id, uploaded_at, file_name, row_count, sealed, key_id)"
    " VALUES (:id, :me, :place, :at, '清单.xlsx', 1, :sealed, :key)"
).bindparams(*(bindparam(name, type_=Uuid()) for name in ("id", "me", "place")))


def waits(session, person, kind, content):
    table = service.table_of(kind, content)
    placed = Placed(person.actor.branch_id, {"create_branches": False})
    return service.keep_upload(session, person.actor, kind, file_name="x", table=table, placed=placed).id


def to_before(database):
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)


@pytest.mark.usefixtures("key")
def test_what_waits_is_there_before_and_after(empty_database):
    database = empty_database
    with database.write() as session:
        make_committee(session)
        branch = make_branch(session)
        alice = make_member(session, branch, "艾莉", roles=(Role.SECRETARY,))
        roster = waits(session, alice, ROSTER, roster_file(("甲", branch.name, "13700000001")))
        duties = waits(session, alice, DUTY_LIST, duty_file(("艾莉", "事项一", "3月底")))
    to_before(database)
    with database.write() as session:
        assert session.execute(text("SELECT count(*) FROM roster_parts")).scalar() == 1
        assert session.execute(text("SELECT count(*) FROM duty_uploads")).scalar() == 1
        sealed = sealing.sealer().seal(json.dumps(SEALED_BEFORE), belongs_to=alice.id)
        row = {"id": alice.id, "me": alice.id, "place": branch.id, "at": clock.now()}
        session.execute(WISH, row | {"sealed": sealed.text, "key": sealed.key_id})
    schema.migrate(database)
    with database.write() as session:
        for kind, upload_id, said in (
            (ROSTER, roster, "甲"),
            (DUTY_LIST, duties, "事项一"),
            (WISH_LIST, alice.id, "想要一台收音机"),
        ):
            upload = session.get_one(Upload, upload_id)
            service.read_next(session, kind, upload, parts=upload.row_count)
            (planned,) = service.plan(session, alice.actor, kind, upload).rows
            assert said in repr(planned.row.entry)


@pytest.fixture
def key():
    if not sealing.has_key():
        sealing.make_key()
