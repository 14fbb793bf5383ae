"""The oldest PostgreSQL that is promised is run, and an older one is refused by name."""

import pytest
from sqlalchemy.exc import DBAPIError

from app.core import commands, postgres
from app.core.db import Database
from tests.databases import OLDEST


@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_what_is_promised_is_what_runs(engines, engine_kind):
    """``make test-oldest`` names a folder of programs: whatever is in it, 14 is what counts."""
    engine, _people = engines.get(engine_kind)
    assert engine.version == postgres.OLDEST if OLDEST else engine.version >= postgres.OLDEST


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_an_older_server_is_named(engine_kind, database, monkeypatch, capsys):
    monkeypatch.setattr(postgres, "OLDEST", 99)
    address = database.url.render_as_string(hide_password=False)
    with pytest.raises(DBAPIError) as refused:
        Database(address).is_ready()
    assert commands.said_why(refused.value) == 1
    assert capsys.readouterr().err.startswith("PostgreSQL 99 or newer is needed; this server is 1")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("number", "said"), [(130_004, "13.4"), (120_022, "12.22")])
def test_an_older_version_as_people_write_it(number, said):
    assert f"is needed; this server is {said}." in str(postgres.TooOldError(number))
