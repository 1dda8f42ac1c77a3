"""The headers that one feed is asked with: those that were set for it, its secrets found where they are kept."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from contextlib import suppress

from tui_reader.feed_settings import where
from tui_reader.model import FeedSettings
from tui_reader.text import clean

PATIENCE = 20.0
"""Seconds that a command has to print a secret."""
_LONGEST = 8_192


class Missing(Exception):
    """A secret that is not where it should be, and why."""


async def headers(settings: FeedSettings) -> tuple[tuple[bytes, bytes], ...]:
    """What is sent to the feed's own server besides the usual. Raises Missing."""
    pairs = [(name, await _found(value, plain=True)) for name, value in settings.headers]
    if settings.login:
        password = await _found(settings.password_from, plain=False) if settings.password_from else ""
        pairs.append(("Authorization", f"Basic {b64encode(f'{settings.login}:{password}'.encode()).decode()}"))
    return tuple((name.encode("ascii"), _sendable(name, value)) for name, value in pairs)


async def _found(written: str, *, plain: bool) -> str:
    place = where(written)
    if place is None:
        if plain:
            return written
        raise Missing("its password is written in a way that is not understood")
    kind, words = place
    if kind == "env":
        value = os.environ.get(words[0], "")
        if not value:
            raise Missing(f"was not asked: the variable {words[0]}, which holds a secret for it, is not set")
        return value
    return await _printed(words)


async def _printed(words: list[str]) -> str:
    """The first line a command prints. It gets no terminal, no shell is involved."""
    said = f"was not asked: {clean(words[0], limit=40)}, which should print a secret for it,"
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        raise Missing(f"{said} cannot be run") from error
    try:
        async with asyncio.timeout(PATIENCE):
            printed, _ = await process.communicate()
    except TimeoutError as error:
        raise Missing(f"{said} took too long") from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
    line = printed.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if process.returncode or not line:
        raise Missing(f"{said} printed nothing" if not process.returncode else f"{said} failed")
    return line


def _sendable(name: str, value: str) -> bytes:
    """A value that cannot stand in a header must not be sent; it may be a secret, so it is not told either."""
    if len(value) > _LONGEST or not (value.isascii() and value.isprintable()):
        raise Missing(f"was not asked: what was found for {name} cannot stand in a header")
    return value.encode("ascii")
