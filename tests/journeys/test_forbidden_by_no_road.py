"""Red line 2 by every road: what uses of the software there are never stands in the ledger and in no rule set."""

import json

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import Uuid
from typer.testing import CliRunner

from app.core import clock, opening
from app.core.db import Database
from app.core.ids import new_id
from app.core.settings import Settings
from app.features.ledger import fact_sources, service
from app.features.ledger.forbidden import forbidden
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType, ForbiddenFactTypeError
from app.features.members.rules import Role
from app.features.reviews import kinds
from app.features.scores import commands
from app.features.scores.drafts import publishing
from app.features.scores.errors import RuleSetRefusedError
from app.features.scores.rule_set import RULE_SETS_DIR
from tests.features.api.makers import make_token
from tests.features.ledger.makers import make_fact, new_fact
from tests.features.sync.makers import new_item, send
from tests.journeys.test_people_and_routes import OPEN_ELSEWHERE, SPENT, addresses, doors, make_house
from tests.makers import as_member, make_member

NAMES = {
    "app.login": "不得强制定期登录",
    "ａｐｐ．ＬｏｇＩｎ": "不得强制定期登录",
    "dailyCheckIn": "不得设置打卡签到",
    "签到次数": "不得设置打卡签到",
    "Study.MINUTES": "学习时长",
    "学习时长": "学习时长",
    "点赞": "点赞量",
    "branch.rank": "不得滥用排名",
}
"""Spellings, full width, mixed case and Chinese, each with the clause that is cited."""
COLUMNS = ", ".join(column.name for column in Fact.__table__.columns if column.name not in ("seq", "id", "fact_type"))

each_name = pytest.mark.parametrize("name", NAMES)
pytestmark = pytest.mark.usefixtures("english")


def refused(name, sentence):
    assert NAMES[name] in sentence


def types_in(database):
    with database.read() as session:
        return set(session.scalars(text("SELECT DISTINCT fact_type FROM facts")))


@each_name
def test_by_the_ledger_and_past_it(database, given, alice, name):
    given(make_fact, alice)
    with pytest.raises((ForbiddenFactTypeError, AttributeError)), database.write() as session:
        service.append(session, [new_fact(alice, fact_type=name)])
    put = {
        "facts": f"INSERT INTO facts (seq, id, fact_type, {COLUMNS}) SELECT seq + 1, :id, :name, "
        + COLUMNS.replace("source_id", "'another'")
        + " FROM facts",
        "totals": "INSERT INTO totals (member_id, month, fact_type, grade, matter, count, quantity) "
        "SELECT member_id, month, :name, grade, matter, count, quantity FROM totals",
    }
    for table, statement in put.items():
        asked = {"name": name} | ({"id": new_id()} if table == "facts" else {})
        said = text(statement).bindparams(*[bindparam("id", type_=Uuid())] * (table == "facts"))
        with pytest.raises(IntegrityError, match="facttype"), database.write() as session:
            session.execute(said, asked)
    assert types_in(database) == {"study.item"}


def draft(name):
    said = json.loads((RULE_SETS_DIR / "2026.1.json").read_text("utf-8")) | {"version": "2027.1"}
    said["sections"][1]["rules"][1]["parts"][0]["facts"] = [name]
    return json.dumps(said)


@each_name
def test_by_a_rule_set_and_its_commands(database, monkeypatch, tmp_path, name):
    year = clock.today().year + 1
    with pytest.raises(RuleSetRefusedError) as said, database.write() as session:
        publishing.publish(session, text=draft(name), year=year)
    refused(name, " ".join(map(str, said.value.refusals)))
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    file, facts = tmp_path / "rules.json", tmp_path / "facts.csv"
    file.write_text(draft(name), "utf-8")
    facts.write_text(f"member,fact,occurred_on\nAlice,{name},2026-03-14\n", "utf-8")
    for words in (
        ["check", str(file)],
        ["use", "--rules", str(file), "--year", str(year)],
        ["try", "--rules", "2026.1", "--facts", str(facts)],
    ):
        done = CliRunner().invoke(commands.rules_app, words)
        assert done.exit_code == 1
        if words[0] != "use":
            refused(name, done.output)
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM published_rule_sets")) == 0


@each_name
def test_by_a_phone(client, database, alice, name):
    [verdict] = send(client, alice, new_item(name))
    assert verdict["verdict"] not in ("accepted", "review")
    said = {"title": "《监察法》", "minutes": 1, "takeaway": None, "fact_type": name, "fact": name}
    send(client, alice, new_item(payload=said))
    assert types_in(database) == set()


def test_by_no_token(client, database, given, branch, alice, sam, dora):
    """Another system writes nothing at all here, whatever it sends."""
    administrator = given(make_member, branch, "习文", roles=(Role.SYSTEM_ADMINISTRATOR,))
    bearer = given(make_token, administrator, sam, branch)
    fact = {"member_id": str(alice.id), "fact_type": "app.login", "quantity": 100}
    for way in ("post", "put", "patch"):
        assert getattr(client, way)("/api/v1/facts", json=fact, headers=bearer).status_code == 405
    assert client.delete("/api/v1/facts", headers=bearer).status_code == 405
    assert types_in(database) == set()


def test_nothing_that_writes_names_one():
    written = kinds.fact_types() | fact_sources.fact_types()
    assert written
    assert not [kind for kind in written | set(FactType) if forbidden(kind.value)]


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_by_no_form(client, application, engines, given, database: Database):
    people, ids = given(make_house, engines.get("sqlite")[1])
    typed = dict.fromkeys(
        ("fact_type", "fact", "facts", "kept", "missed", "kind", "type", "rule", "record_kind"), "app.login"
    )
    asked = 0
    for who in ("sam", "bea"):
        for path, _wanted in doors(application, reading=False):
            if path not in OPEN_ELSEWHERE and not SPENT.fullmatch(path):
                client.post(addresses(path, ids)["own"], data=typed, headers=as_member(people[who]))
                asked += 1
    assert asked > 150
    assert types_in(database) <= set(FactType)
    with database.read() as session:
        assert not [name for name in session.scalars(select(Fact.note)) if "app.login" in name]
        assert "app.login" not in str(session.execute(text("SELECT text FROM published_rule_sets")).all())
