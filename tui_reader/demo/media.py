"""Pictures and sounds of the demo site, made from numbers."""

from __future__ import annotations

import io
import math
import random
import wave
from collections.abc import Callable
from functools import cache

_RATE = 8000
SOUNDS = ("horn", "whistle", "rain")
PICTURES = ("lens", "cello")


@cache
def sound(name: str) -> bytes:
    """A short recording as a WAV file (8 bit, 8 kHz)."""
    seconds, level = {"horn": (4, _horn), "whistle": (2, _whistle)}.get(name, (3, _rain()))
    samples = bytes(128 + int(100 * level(place / _RATE)) for place in range(seconds * _RATE))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        file.writeframes(samples)
    return made.getvalue()


def _horn(at: float) -> float:
    return min(1.0, at * 8, (4 - at) * 4) * (math.sin(at * 691) + math.sin(at * 829) * 0.6) / 1.6


def _whistle(at: float) -> float:
    return math.sin(2 * math.pi * (900 * at + 260 * math.sin(at * 3))) * min(1.0, (2 - at) * 3) * 0.8


def _rain() -> Callable[[float], float]:
    drops = random.Random(11)  # noqa: S311 - the same rain every time
    return lambda at: drops.uniform(-0.4, 0.4)


def picture(name: str) -> str:
    """A drawing as SVG."""
    if name == "lens":
        shapes = "".join(
            f'<ellipse cx="200" cy="150" rx="{20 + 14 * ring}" ry="{30 + 15 * ring}" fill="none" stroke="#f2c14e" '
            f'stroke-opacity="{1 - ring / 9:.2f}" stroke-width="3"/>'
            for ring in range(8)
        )
    else:
        shapes = (
            "".join(
                f'<rect x="{40 + 26 * step}" y="{250 - 18 * step}" width="120" height="10" fill="#8d99ae"/>'
                for step in range(9)
            )
            + '<path d="M180 60c40 10 36 60 20 80c30 30 20 90-20 90s-50-60-20-90c-16-20-20-70 20-80z" fill="#5d4037"/>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">'
        f'<rect width="400" height="300" fill="#22303c"/>{shapes}</svg>\n'
    )
