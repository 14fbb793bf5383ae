"""``python -m tests.commands.backing_up TO``: a backup that dies when all is written but its name."""

import sys

from app import cli
from app.backups import folders
from tests.doomed import die

if __name__ == "__main__":
    folders.finish = lambda *_given: die()  # type: ignore[assignment]
    sys.argv = ["sanliang", "backup", sys.argv[1]]
    cli.main()
