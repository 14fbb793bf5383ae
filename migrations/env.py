"""How Alembic meets our database: one transaction, a short lock timeout, batch mode for SQLite."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator, text

from app.core.db import Base, Database, import_models
from app.core.settings import settings

LOCK_TIMEOUT = "2s"  # a migration that cannot get its lock gives way instead of stopping everybody; see core/schema.py


def plain_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our own column types are written as the plain types they are kept in: revisions outlive our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    """Run the migrations on ``connection``; it belongs to the caller."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(7240317)"))  # one migrator at a time
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


import_models()
given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(settings().resolved_database_url)
    with database.writer.begin() as own:
        run(own)
    database.close()
