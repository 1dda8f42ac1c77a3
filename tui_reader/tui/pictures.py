"""From the file of a picture to lines of half cells. Slow: called in a thread. Pillow is imported at the first picture.

A picture is a hostile document too: only formats that the web is made of are read, its size is looked at before
anything is unpacked, and whatever its decoder stumbles over is a `BadPicture` with a reason of one line.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.strip import Strip

from tui_reader.errors import BadPicture

if TYPE_CHECKING:
    from PIL.Image import Image

Rgb = tuple[int, int, int]

MOST_PIXELS = 40_000_000
"""A picture with more is not unpacked: a few bytes can claim any number."""
LEAST_SIDE = 3
"""Pixels; what is smaller counts the readers and shows nothing."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "ICO")
_UPPER = "▀"


def available() -> bool:
    """Whether pictures can be read here: the extra `images` is installed."""
    return find_spec("PIL") is not None


def opened(content: bytes, most: int) -> Image:
    """The first frame of a picture, upright, in RGBA, made smaller until no side has more than `most` pixels.

    Raises BadPicture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the narrower bound
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                return _made(image, most)
    except BadPicture:
        raise
    except Image.DecompressionBombError:
        raise BadPicture("too many pixels to unpack") from None
    except UnidentifiedImageError:
        is_svg = b"<svg" in content[:2000].lower()
        raise BadPicture(
            "an SVG drawing, which is not drawn here" if is_svg else "not a known kind of picture"
        ) from None
    except Exception as error:  # decoders raise whatever they stumble over: OSError, SyntaxError, struct.error, …
        raise BadPicture("the picture is broken") from error


def _made(image: Image, most: int) -> Image:
    from PIL import ImageOps

    width, height = image.size
    if width * height > MOST_PIXELS:
        raise BadPicture(f"{width} × {height} are too many pixels to unpack")
    if min(width, height) < LEAST_SIDE:
        raise BadPicture("too small to show anything")
    image.draft(None, (most, most))  # a JPEG is unpacked no larger than is needed
    if image.mode[0] in "IF":  # 16 bits a pixel
        image = image.convert("F").point(lambda level: level / 256).convert("L")
    elif image.mode not in {"L", "RGB", "RGBA"} or "transparency" in image.info:
        image = image.convert("RGBA")  # first, since a palette cannot be made smaller smoothly
    image.thumbnail((most, most))
    return ImageOps.exif_transpose(image).convert("RGBA")


def ground(colour: TextualColor) -> Rgb:
    """What shines through a picture. The terminal's own background is not known; black is the likeliest."""
    return (0, 0, 0) if colour.ansi is not None else colour.rgb


def fitting(size: tuple[int, int], columns: int, rows: int) -> tuple[int, int]:
    """The half cells, across and down, that a picture of so many pixels takes: as many as it has pixels, or as fit."""
    width, height = size
    scale = min(1.0, columns / width, 2 * rows / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def half_cells(image: Image, columns: int, rows: int, background: Rgb) -> tuple[Strip, ...]:
    """A picture as lines, each cell of which shows two pixels, one above the other."""
    from PIL import Image

    width, height = fitting(image.size, columns, rows)
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", (width, height + height % 2), (*background, 255))
    ground.alpha_composite(small)
    pixels = ground.convert("RGB").tobytes()
    stride = 3 * width
    styles: dict[bytes, Style] = {}
    return tuple(
        _strip(pixels[start : start + stride], pixels[start + stride : start + 2 * stride], styles)
        for start in range(0, len(pixels), 2 * stride)
    )


def _strip(upper: bytes, lower: bytes, styles: dict[bytes, Style]) -> Strip:
    segments: list[Segment] = []
    before, count = b"", 0
    for place in range(0, len(upper), 3):
        pair = upper[place : place + 3] + lower[place : place + 3]
        if pair != before and count:
            segments.append(Segment(_UPPER * count, _style(before, styles)))
            count = 0
        before = pair
        count += 1
    segments.append(Segment(_UPPER * count, _style(before, styles)))
    return Strip(segments, len(upper) // 3)


def _style(pair: bytes, styles: dict[bytes, Style]) -> Style:
    style = styles.get(pair)
    if style is None:
        style = styles[pair] = Style(color=Color.from_rgb(*pair[:3]), bgcolor=Color.from_rgb(*pair[3:]))
    return style
