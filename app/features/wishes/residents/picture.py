"""The receipt as a picture that can be kept or sent on: it stands in the page itself, for its code is nowhere else."""

import io
from base64 import b64encode
from typing import Final

from PIL import Image, ImageDraw, ImageFont

SIZE: Final = (900, 420)
"""Pixels; as wide as a phone shows them sharply."""
PAPER, INK, GREY = "#ffffff", "#1d1a17", "#57514b"
"""As on paper, whatever the colours of the page."""


def receipt_picture(code: str, address: str) -> str:
    """A PNG with the ``code`` and the ``address`` where it is typed, as a ``data:`` address."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, SIZE[0] - 13, SIZE[1] - 13), outline=INK, width=3)
    _write(draw, code, 160, INK, most=96)
    _write(draw, address, 290, GREY, most=40)
    out = io.BytesIO()
    picture.quantize(8).save(out, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()


def _write(draw: ImageDraw.ImageDraw, text: str, middle: int, colour: str, *, most: int) -> None:
    size = most
    while size > 12 and draw.textlength(text, font=ImageFont.load_default(size)) > SIZE[0] - 96:
        size -= 4
    draw.text((SIZE[0] / 2, middle), text, fill=colour, font=ImageFont.load_default(size), anchor="mm")
