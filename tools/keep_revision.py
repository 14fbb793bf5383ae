"""Keeps a small invented organ as today's revision makes it, for the test that later revisions upgrade it whole.

Run it once a release, when the migrations of the release are done: ``python tools/keep_revision.py``.
"""

import lzma
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

os.environ["SANLIANG_DATA_DIR"] = tempfile.mkdtemp(
    prefix="sanliang-kept-"
)  # read when app is imported: no key and no database of this machine
os.environ.pop("SANLIANG_DATABASE_URL", None)

from app.core import clock, schema, sealing
from app.core.db import Database
from app.demo import service
from app.demo.service import Size
from app.features.streams import announce

KEPT = Path(__file__).parents[1] / "tests" / "migrations" / "kept"
SMALL = Size(branches=1, members_per_branch=8)


def main() -> None:
    """Make the organ in a scratch folder and keep it packed, named by its revision."""
    (revision,) = schema.newest()
    target = KEPT / f"{revision}.db.xz"
    if target.exists():
        sys.exit(f"{target} is kept already; what a release kept does not change.")
    announce()
    file = Path(os.environ["SANLIANG_DATA_DIR"]) / "organ.db"
    sealing.make_key()
    database = Database(f"sqlite:///{file}")
    schema.migrate(database)
    with database.write() as session:
        service.invent(session, seed=1, size=SMALL, today=clock.today())
    database.close()
    with closing(sqlite3.connect(file)) as kept:
        kept.execute("PRAGMA journal_mode = DELETE")
        kept.execute("VACUUM")
    target.write_bytes(lzma.compress(file.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    shutil.rmtree(file.parent)
    print(f"{target}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
