"""Photos leave everything behind but their pixels, stand upright, are small; what is no picture is refused kindly."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from app.core import photos
from app.core.photos import HugePictureError, NotAPictureError, shrunk

PLACE = b"Baiyun Road 12"
GPS, EXIF_IFD, ORIENTATION, MAKE, ARTIST = 0x8825, 0x8769, 0x0112, 0x010F, 0x013B


def exif(orientation=1):
    """What a phone writes: who, with what, when, and where to the metre."""
    tags = Image.Exif()
    tags[ORIENTATION], tags[MAKE], tags[ARTIST] = orientation, "Phone of Alice", "Alice"
    tags.get_ifd(GPS).update({1: "N", 2: (39.0, 54.0, 26.4), 3: "E", 4: (116.0, 23.0, 29.8), 29: "2026:03:09"})
    tags.get_ifd(EXIF_IFD).update({0x9003: "2026:03:09 08:12:00", 0x9286: PLACE})
    return tags


def photo(size=(800, 600), form="JPEG", mode="RGB", **options):
    """A picture whose top left quarter is red and whose rest is blue."""
    colours = {"RGB": ("blue", "red"), "RGBA": ((0, 0, 255, 255), (255, 0, 0, 255))}.get(mode, (200, 40))
    picture = Image.new(mode, size, colours[0])
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=colours[1])
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


def is_red(picture, x, y):
    red, _green, blue = picture.convert("RGB").getpixel((x, y))
    return red > 150 and blue < 100


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_where_and_when_it_was_taken_stays_with_the_sender(form):
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + PLACE + b"</x:xmpmeta>"
    sent = photo(form=form, exif=exif(), **({"xmp": xmp, "comment": PLACE} if form == "JPEG" else {}))
    assert PLACE in sent
    assert opened(sent).getexif().get_ifd(GPS)
    for kept in shrunk(sent, square=True, sizes=(96, 320)).values():
        picture = opened(kept)
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)
        assert not any(word in kept for word in (PLACE, b"Alice", b"EXIF", b"XMP ", b"ICCP", b"2026"))


def test_texts_in_a_png_do_not_go_on():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Alice")
    texts.add_itxt("Location", PLACE.decode(), zip=False)
    sent = photo(form="PNG", pnginfo=texts)
    assert PLACE in sent
    assert PLACE not in shrunk(sent, square=True, sizes=(96,))[96]


@pytest.mark.parametrize(
    ("orientation", "red_corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_it_stands_as_it_was_seen(orientation, red_corner):
    kept = opened(shrunk(photo((400, 300), exif=exif(orientation)), square=False, sizes=(200,))[200])
    assert kept.size == ((150, 200) if orientation >= 5 else (200, 150))
    corners = {
        (x, y): is_red(kept, 10 + x * (kept.width - 20), 10 + y * (kept.height - 20)) for x in (0, 1) for y in (0, 1)
    }
    assert [corner for corner, red in corners.items() if red] == [red_corner]


@pytest.mark.parametrize("size", [(800, 600), (600, 800), (4000, 300), (321, 320)])
def test_a_square_is_cut_from_the_middle(size):
    kept = shrunk(photo(size), square=True, sizes=(96, 320))
    assert {side: opened(content).size for side, content in kept.items()} == {
        side: (min(side, *size),) * 2 for side in (96, 320)
    }
    middle = opened(kept[96])
    assert is_red(middle, 10, 10)
    assert not is_red(middle, middle.width - 10, middle.height - 10)


def test_small_ones_are_small_and_never_enlarged():
    noisy = Image.effect_noise((1600, 1200), 60).convert("RGB")
    out = io.BytesIO()
    noisy.save(out, "JPEG", quality=95)
    kept = shrunk(out.getvalue(), square=True, sizes=(96, 320))
    assert len(kept[96]) < 8_000
    assert len(kept[320]) < 60_000
    assert opened(shrunk(photo((40, 30)), square=True, sizes=(96,))[96]).size == (30, 30)
    assert opened(shrunk(photo((40, 30)), square=False, sizes=(96,))[96]).size == (40, 30)


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_every_kind_of_pixel_becomes_plain_colour(form, mode):
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "green").convert("I" if mode == "I;16" else mode).convert(mode).save(out, form)
    assert opened(shrunk(out.getvalue(), square=True, sizes=(96,))[96]).mode == "RGB"


def test_sixteen_bits_of_grey_keep_dark_and_light():
    line = struct.pack("<200H", *[10_000] * 100, *[50_000] * 100)
    scan = Image.frombytes("I;16", (200, 200), line * 200)
    out = io.BytesIO()
    scan.save(out, "PNG")
    kept = opened(shrunk(out.getvalue(), square=True, sizes=(96,))[96])
    assert abs(kept.getpixel((20, 48))[0] - 39) < 4
    assert abs(kept.getpixel((76, 48))[0] - 195) < 4


def test_a_photo_that_holds_two_is_the_first():
    out = io.BytesIO()
    photo_of = [Image.new("RGB", (200, 200), colour) for colour in ("green", "blue")]
    photo_of[0].save(out, "MPO", save_all=True, append_images=photo_of[1:])
    red, green, blue = opened(shrunk(out.getvalue(), square=True, sizes=(96,))[96]).getpixel((48, 48))
    assert (red < 20, green > 100, blue < 20) == (True, True, True)


def test_what_is_transparent_is_white():
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert min(opened(shrunk(out.getvalue(), square=True, sizes=(96,))[96]).getpixel((48, 48))) > 250


def test_wide_colours_are_brought_home():
    """A profile under which the stored numbers mean other colours is applied, not just dropped."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = opened(shrunk(photo(), square=True, sizes=(96,))[96]).getpixel((80, 80))
    for profile in (srgb, lab, b"no profile at all"):  # of other colours, or unreadable: the picture still comes
        seen = opened(shrunk(photo(icc_profile=profile), square=True, sizes=(96,))[96]).getpixel((80, 80))
        assert all(abs(one - other) < 12 for one, other in zip(seen, plain, strict=True))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0",
        photo()[:200],
        photo(form="GIF"),
        photo(form="BMP"),
        photo(form="TIFF"),
    ],
    ids=["empty", "pdf", "svg", "cut-head", "cut", "gif", "bmp", "tiff"],
)
def test_what_is_no_photo_is_refused(content, english):
    with pytest.raises(NotAPictureError) as refused:
        shrunk(content, square=True, sizes=(96,))
    assert "JPEG" in refused.value.sentence


def png_that_says(width, height):
    """Some hundred bytes that claim to be a huge picture."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [png_that_says(60_000, 60_000), png_that_says(8_000, 8_000), b"\xff\xd8\xff" + b"\0" * photos.MOST_BYTES],
    ids=["bomb", "more pixels than are decoded", "bytes"],
)
def test_a_bomb_is_not_unpacked(content, english):
    with pytest.raises(HugePictureError) as refused:
        shrunk(content, square=True, sizes=(96,))
    assert "smaller copy" in refused.value.sentence


def test_a_large_photo_of_a_good_camera_goes():
    assert opened(shrunk(photo((12_000, 9_000), quality=30), square=True, sizes=(96,))[96]).size == (96, 96)


SEEDS = [
    photo((60, 40), form, exif=exif(6), **({"icc_profile": b"x" * 200} if form != "PNG" else {}))
    for form in ("JPEG", "PNG", "WEBP")
]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12), st.data())
@settings(max_examples=150)
def test_broken_bytes_fail_no_page(seed, changes, data):
    broken = bytearray(seed)
    for place, value in changes:
        broken[place % len(broken)] = value
    cut = data.draw(st.integers(len(broken) // 2, len(broken)))
    with contextlib.suppress(NotAPictureError, HugePictureError):
        shrunk(bytes(broken[:cut]), square=True, sizes=(32,))
