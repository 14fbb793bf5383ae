"""A stream is announced in one place: what it forgot to say there is found here."""

from pathlib import Path

from app.core.db import Base, import_models
from app.features.home import own_data
from app.features.streams import STREAMS
from app.main import OF_THE_HOUSE, routers
from tests.house.sources import PROJECT_DIR

NO_DATA_OF_THEIR_OWN = {
    "account_news_read": "a mark that news of the account were read",
    "credentials": "a password's hash is a secret, no data",
    "former_passwords": "hashes as well",
    "inbox_items": "what phones sent; the record itself stands in its stream",
    "post_proposals": "a post that waits for its second word; what became of it stands under Changes",
    "factor_resets": "what became of it stands under Changes",
    "recovery_codes": "digests of secrets; how many are left stands on the page of devices",
    "slips": "a code's digest; that a slip was printed stands under Changes",
    "totals": "sums of the facts, which are there row by row",
}
"""Tables that name a member and stand in no export, with the reason."""


def test_every_file_of_routes_is_served():
    served = {id(router) for router in routers()}
    files = sorted((PROJECT_DIR / "app" / "features").rglob("routes.py"))
    named = {module for stream in STREAMS for module in stream.routes}
    modules = [_module(path) for path in files]
    assert len(served) == len(OF_THE_HOUSE) + len(named)
    main = (PROJECT_DIR / "app" / "main.py").read_text("utf-8")
    forgotten = [
        module
        for module in modules
        if module not in named and f"from {module.rpartition('.')[0]} import routes" not in main
    ]
    assert forgotten == [], "name it in the stream's `routes`"


def test_own_data_knows_every_table_that_names_a_member(database, statements, alice):
    import_models()
    with database.read() as session:
        own_data.as_json(session, alice.actor)
    asked = " ".join(statements)
    tables = [table.name for table in Base.metadata.sorted_tables if "member_id" in table.columns]
    unknown = [name for name in tables if f" {name}" not in asked and name not in NO_DATA_OF_THEIR_OWN]
    assert unknown == [], "give its stream a `section` of own data, or say here why not"
    assert [name for name in NO_DATA_OF_THEIR_OWN if name not in tables] == []


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts)
