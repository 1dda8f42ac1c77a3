"""Every verb the program has: what the screen and the command line talk to.

A `Library` may be used from any asyncio loop. Reads return frozen data; writes return the `Change` they made and
tell it to everyone who asked with `on_change`. Whatever goes wrong in a way a person can act on is a
`errors.ReaderError`.
"""

from __future__ import annotations

from tui_reader.library.fetching import Fetching
from tui_reader.library.subscriptions import Added, Choice, Subscriptions

__all__ = ["Added", "Choice", "Library"]


class Library(Subscriptions, Fetching):
    """One library file and the network it is fed from. Make it with `await Library.open(...)`.

    Its verbs stand in families: those that read, the acts, those about feeds, those that fetch.
    """
