"""An address as a picture that a phone's camera reads."""

from typing import Final

import segno
from markupsafe import Markup

QUIET_ZONE: Final = 2
"""White modules around the picture: the paper is white anyway."""


def qr_picture(address: str) -> Markup:
    """An inline SVG of ``address`` that scales with its box and needs no style of its own."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=QUIET_ZONE, omitsize=True))  # noqa: S704 (drawn here, from digits and letters)
