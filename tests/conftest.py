"""What every test may ask for: two databases, the people in them, and the application on top."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC
from pathlib import Path
from typing import Any, Final

os.environ["SANLIANG_DATA_DIR"] = tempfile.mkdtemp(prefix="sanliang-test-data-")  # read when app is imported
os.environ["SANLIANG_ENV_FILE"] = ""
os.environ.pop("SANLIANG_DATABASE_URL", None)

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Session

from app.core import sealing
from app.core.compiled import Texts
from app.core.db import Database
from app.core.i18n import DEFAULT_LANGUAGE, use_language
from app.features.streams import announce
from tests import nursery
from tests.databases import Engine, Sqlite, postgres_server, scratch_folder
from tests.durations import Durations
from tests.makers import PEOPLE, People, Person, Place, make_people
from tests.schema import create_schema

gc.set_threshold(200_000, 50, 50)  # tests make and drop so much that looking for cycles was a seventh of their time
sealing.make_key()
announce()

hypothesis_settings.register_profile("dev", deadline=None, max_examples=50)
hypothesis_settings.register_profile(
    "ci", deadline=None, max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # with several processes only the first one reports
        config.pluginmanager.register(Durations())


def pytest_unconfigure() -> None:
    nursery.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgres"), help="only this database; both by default")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ``--engine`` the tests of the other database are left out, and said to be."""
    if not (engine := config.getoption("--engine")):
        return
    others = [item for item in items if _engine_of(item) not in {None, engine}]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in set(others)]


def _engine_of(item: pytest.Item) -> object:
    spec = getattr(item, "callspec", None)
    return spec.params.get("engine_kind") if spec else None


class Engines:
    """Both engines, each started when the first test asks for it and furnished with its templates."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._ready: dict[str, tuple[Engine, People]] = {}

    def get(self, kind: str) -> tuple[Engine, People]:
        """The engine ``sqlite`` or ``postgres``, and who lives in its template ``peopled``."""
        if kind not in self._ready:
            with _today():  # whatever day the test that asks first has gone to
                engine: Engine = (
                    Sqlite(self._folder)
                    if kind == "sqlite"
                    else self._stack.enter_context(postgres_server(self._folder))
                )
                self._ready[kind] = (engine, _make_templates(engine))
        return self._ready[kind]


def _today() -> AbstractContextManager[object]:
    hatch = time_machine.escape_hatch
    return time_machine.travel(hatch.datetime.datetime.now(UTC)) if hatch.is_travelling() else nullcontext()


def _make_templates(engine: Engine) -> People:
    create_schema(engine.create("empty"))
    database = Database(engine.create("peopled", "empty"))
    with database.write() as session:
        people = make_people(session)
    database.close()
    return people


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    with ExitStack() as stack:
        yield Engines(stack.enter_context(scratch_folder()), stack)


@pytest.fixture(params=["sqlite", "postgres"])
def engine_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(engines: Engines, engine_kind: str) -> Iterator[Database]:
    """A database of its own for this test, with the standard people in it."""
    yield from _opened(engines, engine_kind, "peopled")


@pytest.fixture
def empty_database(engines: Engines, engine_kind: str) -> Iterator[Database]:
    """A migrated database without a single row."""
    yield from _opened(engines, engine_kind, "empty")


COMPILED: Final = Texts(most=1_000_000)
"""Statements as SQL, for all databases of a run: each test has a database of its own, and the same statements."""


def _alike(one: object, other: object) -> bool:
    return type(one) is type(other)


DefaultDialect.__eq__ = _alike  # type: ignore[method-assign]  # all databases of one kind are spoken to alike
DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def _opened(engines: Engines, kind: str, template: str) -> Iterator[Database]:
    engine, _people = engines.get(kind)
    with engine.lend(template) as database:
        for one in {database.reader, database.writer}:
            one.update_execution_options(compiled_cache=COMPILED)
        yield database


@pytest.fixture
def session(request: pytest.FixtureRequest, database: Database) -> Iterator[Session]:
    """An open writing session, for tests of services."""
    if "client" in request.fixturenames:
        pytest.fail("SQLite has one writer: a test uses `session`, or `client` with `given` and `database.read()`")
    with database.write() as session:
        yield session


@pytest.fixture
def given(database: Database) -> Callable[..., Any]:
    """Runs a maker in a unit of work of its own: ``given(make_member, branch, "王小明")``."""

    def run(maker: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with database.write() as session:
            return maker(session, *args, **kwargs)

    return run


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL that this test's database was asked since here."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    listened = {database.reader, database.writer}
    for engine in listened:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in listened:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def english() -> Iterator[None]:
    """Services and commands speak English, as pages do with ``headers=ENGLISH``."""
    use_language("en")
    yield
    use_language(DEFAULT_LANGUAGE)


@pytest.fixture(scope="session")
def application(engines: Engines) -> FastAPI:
    """The whole application, made once; each test lends it its database."""
    from app.main import create_app

    engine, _people = engines.get("sqlite")
    return create_app(database=Database(engine.create("application", "empty")))


@pytest.fixture
def app(application: FastAPI, database: Database) -> Iterator[FastAPI]:
    own, application.state.database = application.state.database, database
    yield application
    application.state.database = own


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A browser that follows no redirect and says that its requests come from our own pages."""
    return _client(app)


@pytest.fixture
def lenient_client(app: FastAPI) -> TestClient:
    """The same, but a fault of ours becomes the page for 500 as it does for visitors."""
    return _client(app, raise_server_exceptions=False)


def _client(app: FastAPI, **options: Any) -> TestClient:
    return TestClient(app, follow_redirects=False, headers={"Sec-Fetch-Site": "same-origin"}, **options)


def _resident(name: str) -> Any:
    @pytest.fixture(name=name)
    def resident(engines: Engines, engine_kind: str, database: Database) -> Person | Place:
        found: Person | Place = getattr(engines.get(engine_kind)[1], name)
        return found

    return resident


for _name in PEOPLE:
    globals()[_name] = _resident(_name)
