"""From files to half cells: what is read, what is refused before it costs anything, how it is drawn."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from rich.color import Color
from textual.strip import Strip

from tui_reader.errors import BadPicture
from tui_reader.tui.pictures import MOST_PIXELS, fitting, half_cells, opened

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
EXIF_ORIENTATION = 0x0112


def file(image: Image.Image, format: str = "PNG", **more: object) -> bytes:
    written = BytesIO()
    image.save(written, format, **more)
    return written.getvalue()


def two_halves(left: tuple[int, ...] = RED, right: tuple[int, ...] = BLUE, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (40, 20), left)
    image.paste(right, (20, 0, 40, 20))
    return image


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def colours(strip: Strip) -> list[tuple[object, object]]:
    """What the upper and the lower half of each cell look like."""
    found = []
    for segment in strip:
        style = segment.style
        assert style is not None
        assert style.color is not None
        assert style.bgcolor is not None
        found += [(style.color.triplet, style.bgcolor.triplet)] * len(segment.text)
    return found


def near(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(one - two) < 12 for one, two in zip(colour, other, strict=True))


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("width", "height"), [(8000, 8000), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_bomb_is_refused_by_what_it_claims(width: int, height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was unpacked"))
    assert width * height > MOST_PIXELS
    with pytest.raises(BadPicture, match=r"pixels|broken"):
        opened(claims(width, height), 400)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<html>not here", "not a known kind"),
        (b"", "not a known kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a known kind"),
        (file(two_halves())[:70], "broken"),
        (file(Image.new("RGB", (1, 1))), "too small"),
    ],
)
def test_what_cannot_be_drawn_says_so_in_a_line(content: bytes, reason: str) -> None:
    with pytest.raises(BadPicture, match=reason) as caught:
        opened(content, 400)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- read


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_the_kinds_of_the_web_are_read(format: str) -> None:
    image = opened(file(two_halves(), format), 400)
    assert (image.mode, image.size) == ("RGBA", (40, 20))
    assert near(image.getpixel((5, 10))[:3], (254, 0, 0))
    assert near(image.getpixel((35, 10))[:3], (0, 0, 254))


@pytest.mark.parametrize(
    ("mode", "light"),
    [("L", 255), ("1", 1), ("I;16", 65_535), ("LA", (255, 255)), ("P", 1), ("CMYK", (0, 0, 0, 0))],
)
def test_every_way_of_writing_a_pixel_is_read(mode: str, light: object) -> None:
    image = Image.new(mode, (20, 20), light)  # type: ignore[arg-type]
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 255, 255])
    read = opened(file(image, "JPEG" if mode == "CMYK" else "PNG"), 400)
    assert near(read.getpixel((10, 10)), (255, 255, 255, 255))


def test_a_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6  # the camera was turned: what is left in the file is on top
    image = opened(file(two_halves(), "JPEG", exif=exif, quality=95, subsampling=0), 400)
    assert image.size == (20, 40)
    assert near(image.getpixel((10, 5))[:3], (254, 0, 0))


def test_of_an_animation_the_first_frame_is_shown() -> None:
    frames = [Image.new("RGB", (20, 20), RED), Image.new("RGB", (20, 20), BLUE)]
    content = file(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert near(opened(content, 400).getpixel((10, 10))[:3], RED)


def test_a_large_one_is_held_small() -> None:
    assert opened(file(Image.new("RGB", (3000, 1500), RED), "JPEG"), 400).size == (400, 200)


# ---------------------------------------------------------------- drawn


@pytest.mark.parametrize(
    ("size", "columns", "rows", "taken"),
    [
        ((400, 200), 40, 40, (40, 20)),
        ((16, 16), 78, 40, (16, 16)),
        ((100, 1000), 78, 20, (4, 40)),
        ((400, 3), 40, 40, (40, 1)),
        ((9999, 1), 40, 40, (40, 1)),
    ],
)
def test_a_picture_fits_its_room_and_is_never_enlarged(
    size: tuple[int, int], columns: int, rows: int, taken: tuple[int, int]
) -> None:
    assert fitting(size, columns, rows) == taken


def test_a_cell_shows_two_pixels() -> None:
    image = Image.new("RGBA", (4, 4), (*RED, 255))
    image.paste((*BLUE, 255), (0, 1, 4, 2))
    first, second = half_cells(image, 10, 10, WHITE)
    assert first.text == "▀▀▀▀"
    assert colours(first) == [(Color.from_rgb(*RED).triplet, Color.from_rgb(*BLUE).triplet)] * 4
    assert colours(second) == [(Color.from_rgb(*RED).triplet,) * 2] * 4


def test_the_background_shows_through_and_below_an_odd_end() -> None:
    image = Image.new("RGBA", (3, 3), (0, 0, 0, 0))
    lines = half_cells(image, 10, 10, (20, 22, 31))
    assert len(lines) == 2
    assert {pair for line in lines for pair in colours(line)} == {(Color.from_rgb(20, 22, 31).triplet,) * 2}
