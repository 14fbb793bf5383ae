"""Text as people type and paste it."""

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "["
    "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # what no keyboard types; NUL is not kept by PostgreSQL
    "\xad\u200b\u200e\u200f\u2060-\u2064\ufeff"  # no width at all: phones put such signs around copied numbers
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of what stands behind them, on the whole page
    "\ud800-\udfff\ufffe\uffff"  # no characters; no database keeps half of a pair
    "]"
)


def visible(text: str) -> str:
    """``text`` without signs that nobody sees or that no text has: a name of these alone is empty.

    Tabs and line breaks stay, and the joiners of emoji and of scripts written in ligatures. A line ends in one sign:
    a form without scripts sends two, and the field has counted one.
    """
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
