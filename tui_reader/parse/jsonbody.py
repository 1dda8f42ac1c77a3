"""JSON from outside, read with as little trust as XML: what is not of the expected type is as good as not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def load(body: bytes) -> Any:
    """The document, or None for what is no JSON, too deep, or null."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), parse_int=_integer, parse_constant=_nothing)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> Mapping[str, Any]:
    """The object, empty when it is none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The array, empty when it is none."""
    return value if isinstance(value, list) else []


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of an array."""
    return (one for one in items(value) if isinstance(one, dict))


def string(value: object) -> str:
    """Text as written, not yet cleaned; a number becomes its digits, anything else ""."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _LONE_SURROGATE.sub("\ufffd", str(value))


def number(value: object) -> int | None:
    """A whole number of sane size, None for anything else; digits in a string count."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if -(1 << 53) < value < 1 << 53 else None


def _integer(digits: str) -> int:
    """A number with thousands of digits takes quadratic time to become one, and means nothing."""
    return int(digits) if len(digits) < 20 else 0


def _nothing(_name: str) -> None:
    return None
