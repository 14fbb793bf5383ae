"""Photos as the house keeps them: pixels alone, upright and small. Where and when they were taken does not go on.

Whatever comes is decoded and drawn anew, so nothing that was hidden in the file goes on: EXIF with its GPS position,
XMP, comments, colour profiles, thumbnails, a second picture behind the first (red line 4).
"""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from fastapi import Depends, Request
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from starlette.datastructures import UploadFile

from app.core.errors import BadInputError
from app.core.forms import RawForm, upload
from app.core.i18n import lazy_gettext
from app.core.routing import ask_door, in_slow_lane

MEDIA_TYPE: Final = "image/webp"
ACCEPTED: Final = "image/jpeg,image/png,image/webp"
"""For ``<input accept>``. A phone that takes photos in another format sends a JPEG then."""
MOST_BYTES: Final = 15 * 1024 * 1024
MOST_DECODED: Final = 150_000_000
"""Bytes that are decoded, one for each pixel and channel. A larger JPEG is decoded at a half or less. The reader keeps
four for every pixel in colour, and while it reads WebP twice as many."""
STRIP: Final = 64
"""Rows of the small picture that are made at a time: what works on all pixels never holds a second copy of them."""
MOST_PIXELS_IN_FILE: Final = 250_000_000
"""Pixels a file may say it has: more than any phone's camera."""
ORIENTATION: Final = 0x0112
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
    field = "photo"
    message = lazy_gettext(
        "This file is no picture that can be read. A JPEG, PNG or WebP goes; a screenshot of the photo always does."
    )


class HugePictureError(BadInputError):
    field = "photo"
    message = lazy_gettext("This picture is too large to be read here. Please choose a smaller copy of it.")


def shrunk(content: bytes, *, square: bool, sizes: Sequence[int]) -> Mapping[int, bytes]:
    """The picture in ``content`` as WebP, once for each of ``sizes``: its longest side in pixels, never enlarged.

    ``square`` keeps the square in the middle.

    Raises:
        NotAPictureError: the bytes are no JPEG, PNG or WebP that can be read.
        HugePictureError: more than ``MOST_BYTES``, or more of pixels and channels than are decoded.
    """
    if len(content) > MOST_BYTES:
        raise HugePictureError
    try:
        picture = _upright(content, longest=2 * max(sizes), square=square)
        return {size: _encoded(_fitted(picture, size, square=square)) for size in sizes}
    except UnidentifiedImageError:
        raise NotAPictureError from None
    except _BROKEN as broken:
        raise NotAPictureError from broken


def _upright(content: bytes, *, longest: int, square: bool) -> Image.Image:
    """The picture as its taker saw it, in the colours of the web and not much larger than needed."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS_IN_FILE:
            raise HugePictureError
        opened.draft("RGB", (longest, longest))
        if opened.width * opened.height * len(opened.getbands()) > MOST_DECODED:
            raise HugePictureError
        opened.load()
        small = _reduced(opened, (min if square else max)(opened.size) // longest)
        small.getexif()[ORIENTATION] = opened.getexif().get(ORIENTATION, 1)
        return _in_web_colours(ImageOps.exif_transpose(small), opened.info.get("icc_profile"))


def _reduced(picture: Image.Image, factor: int) -> Image.Image:
    """The picture on white at one ``factor``-th of its size, made strip by strip."""
    factor = max(factor, 1)
    strips = []
    for top in range(0, picture.height, STRIP * factor):
        strip = picture.crop((0, top, picture.width, min(top + STRIP * factor, picture.height)))
        strips.append(_on_white(strip).reduce(factor))
    small = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        small.paste(strip, (0, number * STRIP))
    return small


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        with_alpha = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, with_alpha).convert("RGB")
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut at 255 instead of scaling
        return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
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


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo that came with a form, drawn small before any unit of work began; or why it could not be."""

    pictures: Mapping[int, bytes] = field(default_factory=dict)
    refusal: BadInputError | None = None

    def taken(self) -> Mapping[int, bytes]:
        """The picture by its size; empty when nobody chose one.

        Raises:
            NotAPictureError: what came is none.
            HugePictureError: it is too large.
        """
        if self.refusal:
            raise self.refusal
        return self.pictures


def sent(*, square: bool, sizes: Sequence[int]) -> Any:
    """For ``Annotated[SentPhoto, …]``: the file in field ``photo`` of the posted form, see ``shrunk``.

    It is worked on once the door has let its sender in, in the slow lane, while nothing is locked.
    """

    async def take(request: Request, raw: RawForm) -> SentPhoto:
        file = upload(raw, "photo")
        if file is None:
            return SentPhoto()
        await ask_door(request)
        return await in_slow_lane(partial(_taken, file, square=square, sizes=sizes))

    return Depends(take)


def _taken(file: UploadFile, *, square: bool, sizes: Sequence[int]) -> SentPhoto:
    try:
        return SentPhoto(shrunk(file.file.read(MOST_BYTES + 1), square=square, sizes=sizes))
    except BadInputError as refusal:
        return SentPhoto(refusal=refusal)
