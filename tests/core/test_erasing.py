"""What is deleted from the embedded database is gone from its file, not only from its tables.

Builds of SQLite differ in what they do unasked (Debian's overwrites, others do not): we ask.
"""

from sqlalchemy import text

from app.core.db import Database

ADDRESS = "荔园社区 3 栋 502"


def test_an_erased_row_leaves_nothing_in_the_file(tmp_path):
    file = tmp_path / "erasing.db"
    database = Database(f"sqlite:///{file}")
    with database.write() as session:
        session.execute(text("CREATE TABLE addresses (id INTEGER PRIMARY KEY, address TEXT)"))
        session.execute(text("INSERT INTO addresses VALUES (1, :address), (2, 'x')"), {"address": ADDRESS})
    assert _holds(database, file)
    with database.write() as session:
        session.execute(text("DELETE FROM addresses WHERE id = 1"))
    assert not _holds(database, file)
    database.close()


def _holds(database, file):
    with database.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    return ADDRESS.encode() in file.read_bytes()
