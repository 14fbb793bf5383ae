"""Nobody finds out who voted how: each way by which ballots were linked to voters elsewhere, one test a trap.

Two worlds are played: in one Alice gives Sam the worst mark and Bob the best, in the other it is the other way round.
Whoever reads everything, at every moment, must find both the same.
"""

import logging
import re
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Date, DateTime, Time, inspect, text

from app.core import sealing
from app.core.db import Base, import_models
from app.core.sealing import BrokenSealError, Sealer
from app.features.ballots import box, service
from app.features.ballots.models import BallotBox, BallotTally, ReviewPerson
from app.features.ballots.routes import COOKIE
from app.features.ballots.rules import Grade
from app.features.home import own_data
from app.features.streams import STREAMS
from app.features.sync.captures import CapturedKind
from tests.features.ballots.makers import open_with, vote
from tests.makers import as_member
from tests.page import page

OF_BALLOTS = (ReviewPerson, BallotTally, BallotBox)
WORST, BEST = 4, 1
BOTH_WAYS = [(WORST, BEST), (BEST, WORST)]


def everything(session: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as a backup has them, each with the unit of work that wrote it where the engine tells."""
    import_models()
    written = "0" if session.get_bind().dialect.name == "sqlite" else "xmin::text::bigint"
    return {
        table.name: [
            tuple(row) for row in session.execute(text(f"SELECT {written} AS written, t.* FROM {table.name} t"))
        ]
        for table in Base.metadata.sorted_tables
    }


class World:
    """One ballot, and all that can be read of it step by step."""

    def __init__(self, client, given, database, people, year):
        self.client, self.database, self.people = client, database, people
        with database.read() as session:
            self.before = everything(session)
        self.review_id = given(open_with, people["sam"], *people.values(), year=year)
        self.at, self.year, self.seen = f"/ballots/{self.review_id}", year, []

    def request(self, who, part, token="", **data):
        headers = {"Cookie": f"{as_member(who)['Cookie']}; {COOKIE}={token}"}
        return self.client.post(f"{self.at}/{part}", data=data, headers=headers)

    def vote(self, who, mark):
        """As the pages do it, reading everything after each request."""
        token = self.client.get(f"{self.at}/vote", headers=as_member(who)).cookies[COOKIE]
        self.request(who, "take", token)
        self.look()
        answer = self.request(who, "hand-in", token, **{f"mark-{self.people['sam'].id}": mark})
        self.look()
        return answer

    def look(self):
        with self.database.read() as session:
            now = everything(session)
        new = {name: [row for row in rows if row not in self.before[name]] for name, rows in now.items()}
        units = sorted({row[0] for rows in new.values() for row in rows})
        rank = {unit: place for place, unit in enumerate(units)}
        self.seen.append({name: sorted(self.plain(row, rank) for row in rows) for name, rows in new.items() if rows})

    def plain(self, row, rank):
        """A row without what is chance: ids of this review, what is sealed, the number of the unit of work."""
        return [str(rank[row[0]]), *(self.word(value) for value in row[1:])]

    def word(self, value):
        said = str(value).replace("-", "")
        if said.startswith("gAAAA"):
            return f"sealed, {len(str(value))} signs"
        names = {str(one.id).replace("-", ""): name for name, one in self.people.items()}
        said = re.sub("[0-9a-f]{32}", lambda found: names.get(found[0], "an id"), said)
        return said.replace(str(self.year), "the year")


@pytest.fixture
def people(sam, dora, alice, bob):
    return {"sam": sam, "dora": dora, "alice": alice, "bob": bob}


@pytest.fixture
def both(client, given, database, people):
    """The two worlds, one after the other, each read after every request."""

    def play(number):
        world = World(client, given, database, people, 2025 - number)
        for name, mark in zip(("alice", "bob"), BOTH_WAYS[number], strict=True):
            world.vote(people[name], mark)
        world.vote(people["dora"], 2)
        given(service.close_ballot, people["sam"].actor, review_id=world.review_id)
        world.look()
        return world

    return [play(0), play(1)]


def test_who_reads_everything_after_every_request_links_nothing(both):
    one, other = both
    assert len(one.seen) == len(other.seen) == 7
    for step, (mine, theirs) in enumerate(zip(one.seen, other.seen, strict=True)):
        assert mine == theirs, step
    assert one.seen[-1]["ballot_tallies"]


def test_the_two_worlds_would_differ_if_one_could_read_the_box(both, given, database, sam, alice, people):
    world = World(both[0].client, given, database, people, 2020)
    world.vote(alice, WORST)
    with database.read() as session:
        assert box.opened(session, world.review_id).of(sam.id) == [0, 0, 0, 1]


def test_no_key_of_the_tables_tells_an_order_or_a_time(database):
    for model in OF_BALLOTS:
        columns = model.__table__.columns
        assert not [one.name for one in columns if isinstance(one.type, DateTime | Date | Time)], model
        keys = {one.name for one in columns if one.primary_key}
        assert keys <= {"review_id", "member_id"}, "an id of its own is made when it is written, and carries the time"
    with database.read() as session:
        names = set(inspect(session.get_bind()).get_table_names())
        assert not {"sqlite_sequence"} & names
        if session.get_bind().dialect.name == "postgresql":
            assert session.execute(text("SELECT count(*) FROM pg_sequences")).scalar() == 0


def test_rows_lie_in_the_order_of_members_not_of_votes(both, database):
    column = "rowid" if "sqlite" in str(database.url) else "ctid"
    for table in ("ballot_tallies", "review_people"):
        with database.read() as session:
            rows = session.execute(text(f"SELECT review_id, member_id FROM {table} ORDER BY {column}")).all()
        for world in both:
            mine = [str(row[1]).replace("-", "") for row in rows if UUID(str(row[0])) == world.review_id]
            if table == "ballot_tallies" or column == "rowid":
                assert mine == sorted(mine)
            assert len(mine) == 4


def test_each_ballot_rewrites_every_row_of_the_list(given, database, statements, sam, alice, bob, dora):
    review_id = given(open_with, sam, sam, alice, bob, dora)
    for who in (bob, alice):
        del statements[:]
        given(vote, review_id, who, {})
        changed = [one for one in statements if one.startswith("UPDATE")]
        assert [re.split(r"\W+", one)[1] for one in changed] == ["review_people", "ballot_boxes", "ballot_boxes"]
        with database.read() as session:
            units = {row[0] for row in everything(session)["review_people"]}
        assert len(units) == 1, "the unit of work would tell who came when"


def test_sequences_of_reads_show_a_box_of_one_length_and_no_counter(given, database, sam, alice, bob, dora):
    review_id = given(open_with, sam, sam, alice, bob, dora)
    lengths, texts = set(), set()
    for who in (None, alice, bob, dora):
        if who:
            given(vote, review_id, who, {sam: list(Grade)[-1]})
        with database.read() as backup:  # at each moment of the ballot
            sealed = backup.get_one(BallotBox, review_id).sealed
            assert everything(backup)["ballot_tallies"] == []
        lengths.add(len(sealed))
        texts.add(sealed)
        assert str(sam.id) not in sealed
        with pytest.raises(BrokenSealError):
            Sealer((Fernet.generate_key().decode(),)).open(sealed, belongs_to=review_id)
    assert (len(lengths), len(texts)) == (1, 4)
    assert not sealing.settings().contacts_key_file.is_relative_to(database.url.database or "/nowhere")


def test_the_audit_log_and_what_phones_sent_know_of_no_ballot(given, database, sam, alice, bob):
    review_id = given(open_with, sam, sam, alice, bob)
    with database.read() as session:
        before = {
            name: everything(session)[name]
            for name in ("audit_entries", "events", "inbox_items", "reminders")
            if name in everything(session)
        }
    given(vote, review_id, alice, {sam: Grade.EXCELLENT})
    with database.read() as session:
        now = everything(session)
    assert before
    assert {name: now[name] for name in before} == before


def test_ballots_are_not_captured_without_a_network(client, given, sam, alice, bob):
    kinds = [kind for stream in STREAMS if stream.name == "ballots" for kind in stream.captures]
    assert kinds == list[CapturedKind[Any]]()
    review_id = given(open_with, sam, sam, alice, bob)
    at = f"/ballots/{review_id}"
    token = client.get(f"{at}/vote", headers=as_member(alice)).cookies[COOKIE]
    headers = {"Cookie": f"{as_member(alice)['Cookie']}; {COOKIE}={token}"}
    client.post(f"{at}/take", headers=headers)
    soup = page(client.get(f"{at}/vote", headers=headers))
    assert soup.select("form[action$=hand-in]")
    assert soup.select("capture-form, [data-queued], [data-kind], [hx-post*=hand-in]") == []
    assert not [own.address for stream in STREAMS for own in stream.pages if own.address.startswith("/ballots/")]


@pytest.mark.parametrize("mark", [0, BEST, WORST])
def test_no_cache_keeps_the_ballot_and_no_size_or_line_of_the_log_tells_the_marks(
    client, given, people, database, caplog, mark
):
    world = World(client, given, database, people, 2025)
    with caplog.at_level(logging.INFO):
        answer = world.vote(people["alice"], mark)
    assert answer.headers["location"] == f"{world.at}/vote"
    assert (len(answer.content), int(answer.request.headers["content-length"])) == (0, len(f"mark-{'0' * 36}=0"))
    assert len(answer.headers["set-cookie"]) == len(world.vote(people["bob"], 2).headers["set-cookie"])
    ballot = client.get(f"{world.at}/vote", headers=as_member(people["dora"]))
    assert ballot.headers["cache-control"] == "no-store"
    lines = [record for record in caplog.records if record.name == "sanliang.access"]
    assert {record.route for record in lines} >= {"/ballots/{review_id}/hand-in", "/ballots/{review_id}/take"}
    known = logging.makeLogRecord({}).__dict__.keys() | {"request_id", "method", "route", "status", "ms", "message"}
    assert all(record.__dict__.keys() <= known | {"asctime", "taskName"} for record in lines)
    for secret in (*map(str, (one.id for one in people.values())), people["alice"].token, "Grade."):
        assert secret not in caplog.text


def test_an_error_in_the_middle_leaves_no_trace(lenient_client, given, database, people, caplog, monkeypatch):
    world = World(lenient_client, given, database, people, 2025)
    token = lenient_client.get(f"{world.at}/vote", headers=as_member(people["alice"])).cookies[COOKIE]
    world.request(people["alice"], "take", token)
    monkeypatch.setattr(box, "keep", lambda session, review_id, lies: session.execute(text("SELECT nothing")))
    answer = world.request(people["alice"], "hand-in", token, **{f"mark-{people['sam'].id}": WORST})
    assert answer.status_code == 500
    written = caplog.text + answer.text + "".join(str(record.exc_info) for record in caplog.records)
    for secret in (token, str(people["sam"].id), people["alice"].name, Grade.NOT_QUALIFIED.value):
        assert secret not in written
    monkeypatch.undo()
    assert world.request(people["alice"], "hand-in", token).status_code == 303


def test_who_has_not_voted_is_shown_to_nobody_while_it_is_open(client, given, database, people):
    shown = []
    for number, first in enumerate(("alice", "bob")):
        world = World(client, given, database, people, 2025 - number)
        world.vote(people[first], BEST)
        shown.append(
            [page(client.get(world.at, headers=as_member(people["sam"]))).get_text().replace(str(world.year), "")]
        )
        with database.read() as session:
            assert "has_voted" not in str(own_data.as_json(session, people["bob"].actor))
    assert shown[0] == shown[1]
