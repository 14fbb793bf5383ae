"""Members who were there already are sorted and found as their surnames are called."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from app.core import schema
from app.core.settings import PROJECT_DIR
from app.features.members.names import pinyin_key
from tests.makers import make_branch, make_committee, make_member

BEFORE = "0021"
OLD = {"尉建国": "yu4 jian4 guo2", "单于明": "shan4 yu2 ming2", "尉迟恭": "yu4 chi2 gong1", "王芳": "wang2 fang1"}
KEYS = text("SELECT name, pinyin FROM members")


def test_the_keys_of_rare_surnames_are_made_anew_and_back(empty_database):
    with empty_database.write() as session:
        make_committee(session)
        branch = make_branch(session)
        for name in OLD:
            make_member(session, branch, name)
    config = Config(PROJECT_DIR / "alembic.ini")
    with empty_database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    assert keys(empty_database) == OLD
    schema.migrate(empty_database)
    assert keys(empty_database) == {name: pinyin_key(name) for name in OLD}


def keys(database):
    with database.read() as session:
        return {row.name: row.pinyin for row in session.execute(KEYS)}
