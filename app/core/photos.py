"""Photos as the house keeps them: pixels alone, upright and small. Where and when they were taken does not go on.

Whatever comes is decoded and drawn anew, so nothing that was hidden in the file goes on: EXIF with its GPS position,
XMP, comments, colour profiles, thumbnails, a second picture behind the first (red line 4).
"""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext

MEDIA_TYPE: Final = "image/webp"
ACCEPTED: Final = "image/jpeg,image/png,image/webp"
"""For ``<input accept>``. A phone that takes photos in another format sends a JPEG then."""
MOST_BYTES: Final = 15 * 1024 * 1024
MOST_PIXELS: Final = 50_000_000
"""Pixels that are decoded: about 150 MB of memory for a moment. A larger JPEG is decoded at a half or less."""
MOST_PIXELS_IN_FILE: Final = 250_000_000
"""Pixels a file may say it has: more than any phone's camera."""
QUALITY: Final = 82
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    MemoryError,
    AssertionError,
    AttributeError,
    struct.error,
    zlib.error,
)
"""What the readers of foreign bytes raise, whatever is wrong with them."""

Image.MAX_IMAGE_PIXELS = None  # the limits above are asked before a pixel is decoded; no warning, no second limit


class NotAPictureError(BadInputError):
    """No picture, or a broken one, or one in a format that is not read."""

    code = "not_a_picture"
    field = "photo"
    message = lazy_gettext(
        "This file is no picture that can be read. A JPEG, PNG or WebP goes; a screenshot of the photo always does."
    )


class HugePictureError(BadInputError):
    """More bytes or pixels than are decoded."""

    code = "huge_picture"
    field = "photo"
    message = lazy_gettext("This picture is too large to be read here. Please choose a smaller copy of it.")


def shrunk(content: bytes, *, square: bool, sizes: Sequence[int]) -> Mapping[int, bytes]:
    """The picture in ``content`` as WebP, once for each of ``sizes``: its longest side in pixels, never enlarged.

    ``square`` keeps the square in the middle.

    Raises:
        NotAPictureError: the bytes are no JPEG, PNG or WebP that can be read.
        HugePictureError: more than ``MOST_BYTES``, or more pixels than are decoded.
    """
    if len(content) > MOST_BYTES:
        raise HugePictureError
    try:
        picture = _upright(content, longest=2 * max(sizes))
        return {size: _encoded(_fitted(picture, size, square=square)) for size in sizes}
    except UnidentifiedImageError:
        raise NotAPictureError from None
    except _BROKEN as broken:
        raise NotAPictureError from broken


def _upright(content: bytes, *, longest: int) -> Image.Image:
    """The picture as its taker saw it, in the colours of the web. A JPEG is decoded no larger than needed."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS_IN_FILE:
            raise HugePictureError
        opened.draft("RGB", (longest, longest))
        if opened.width * opened.height > MOST_PIXELS:
            raise HugePictureError
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        return _in_web_colours(_on_white(upright), upright.info.get("icc_profile"))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        with_alpha = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, with_alpha).convert("RGB")
    return picture if picture.mode in {"RGB", "CMYK", "L"} else picture.convert("RGB")


def _in_web_colours(picture: Image.Image, profile: object) -> Image.Image:
    """The colours of the web (sRGB). Phones photograph in wider ones, and look pale once their profile is gone."""
    if isinstance(profile, bytes):
        try:
            converted = ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a profile that cannot be read, or of other colours than the picture's
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _fitted(picture: Image.Image, size: int, *, square: bool) -> Image.Image:
    if square:
        side = min(size, *picture.size)
        return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    fitted = picture.copy()
    fitted.thumbnail((size, size), Image.Resampling.LANCZOS)
    return fitted


def _encoded(picture: Image.Image) -> bytes:
    """The pixels on a fresh sheet: a picture carries what its file said along, and some writers write it out again."""
    sheet = Image.new("RGB", picture.size)
    sheet.paste(picture)
    out = io.BytesIO()
    sheet.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
