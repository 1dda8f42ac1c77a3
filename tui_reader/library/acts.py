"""What the reader does to entries and comments, each act told of and most of them taken back by undo.

Where the disk refuses an act it waits (`waiting.py`), once `hold` was called.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from tui_reader.late import Late
from tui_reader.library.core import Core
from tui_reader.model import Act, Change
from tui_reader.store import connect, discussions, entries, mutes, smart, status
from tui_reader.text import clean

if TYPE_CHECKING:
    from tui_reader.store import full_text as taken
    from tui_reader.store import tags
else:
    tags = Late("tui_reader.store.tags")
    taken = Late("tui_reader.store.full_text")

DAY = 86_400
After = Callable[[], Awaitable[object]] | None
"""What an act lets go first, such as the picture that shows it already; acts asked for later wait with it."""


class Acts(Core):
    """The verbs that change what is stored."""

    async def _act(self, fn: Callable[..., Change], *args: object, after: After = None, **kwargs: object) -> Change:
        async with self._acting:
            if after is not None:
                await after()
            change = await self._waiting.act(fn, *args, **kwargs)
        self._tell(change)
        return change

    async def acted(self) -> None:
        """Wait until all that was asked for is stored, or waits in memory until it can be."""
        async with self._acting:
            return

    @property
    def waiting(self) -> int:
        """How many acts wait until they can be saved."""
        return len(self._waiting)

    @property
    def waiting_for(self) -> str:
        """Why acts have to wait, in a few words."""
        return self._waiting.why

    def hold(self) -> None:
        """From now on acts that the disk does not take wait in memory instead of being refused."""
        self._waiting.hold()

    async def settle(self) -> int:
        """Save what waits, if the disk takes it now; returns how many acts still wait."""
        if self._waiting:
            done, change = await self._waiting.settle()
            if done and self.read_only:
                self.read_only, self._outside = "", await self._engine.write(connect.data_version)
                self._engine.reopen()
                change = Change(everything=True)
            self._tell(change)
        return self.waiting

    async def mark(self, ids: Collection[int], read: bool, *, after: After = None) -> Change:
        """Mark entries read or unread; where the same article of several feeds is one row, all of them."""
        if self._one_row:
            ids = await self._engine.read(entries.twins, ids)
        return await self._act(status.mark, ids, read, now=self._clock(), after=after)

    async def keep_place(self, entry_id: int, letters: int) -> None:
        """Remember how far an entry was read, in letters above the first line in sight; 0 forgets it."""
        if not self.read_only:
            await self._engine.write(entries.keep_place, entry_id, letters)

    async def show_full_text(self, ids: Collection[int], shown: bool) -> Change:
        """Read entries as their pages have them, or as their feeds have them."""
        return await self._act(taken.show, tuple(ids), shown)

    async def star(self, ids: Collection[int], starred: bool, *, after: After = None) -> Change:
        """Star entries or take the star away."""
        return await self._act(status.star, ids, starred, now=self._clock(), after=after)

    async def mark_comments(self, ids: Collection[int], read: bool) -> Change:
        """Mark comments read or unread."""
        return await self._act(status.mark_comments, ids, read, now=self._clock())

    async def star_comments(self, ids: Collection[int], starred: bool) -> Change:
        """Star comments or take the star away."""
        return await self._act(status.star_comments, ids, starred, now=self._clock())

    async def undo(self) -> Change | None:
        """Take back the last act that was not taken back yet; None when there is none."""
        await self.acted()
        if self._waiting.take_back():
            self._tell(Change(everything=True))
            return Change(label="what was not saved yet")
        return await self._step(status.undo)

    async def redo(self) -> Change | None:
        """Do again what was taken back last; None when there is nothing."""
        return await self._step(status.redo)

    async def journal(self, limit: int = 200) -> tuple[Act, ...]:
        """What was done, the youngest first: acts that stand, and acts that are taken back."""
        return await self._engine.read(status.acts, now=self._clock(), limit=limit)

    async def undo_act(self, act: int) -> Change:
        """Take back one act and leave what was done since. Raises NotFound, BadInput when a later act is in the way."""
        return await self._act(status.undo_act, act, now=self._clock())

    async def undo_to(self, act: int) -> Change:
        """Take back an act and everything that was done since. Raises NotFound."""
        return await self._act(status.undo_to, act, now=self._clock())

    async def redo_to(self, act: int) -> Change:
        """Do again an act and everything that was taken back after it. Raises NotFound."""
        return await self._act(status.redo_to, act, now=self._clock())

    async def _step(self, fn: Callable[..., Change | None]) -> Change | None:
        async with self._acting:
            change = await self._engine.write(fn, now=self._clock())
        if change is not None:
            self._tell(change)
        return change

    async def visit(self, entry_id: int, discussion_id: int = 0) -> Change:
        """Note that a discussion of the entry, all of them for 0, was seen as it is now: what arrives later is new."""
        return await self._act(discussions.visit, entry_id, discussion_id=discussion_id, now=self._clock())

    async def watch(self, discussion_id: int, *, key: str = "", days: int = 30) -> Change:
        """Watch a discussion for so many days, or with a `key` only that comment and its replies."""
        now = self._clock()
        return await self._act(discussions.watch, discussion_id, key=key, until=now + days * DAY, now=now)

    async def unwatch(self, discussion_id: int) -> Change:
        """Watch a discussion no longer."""
        return await self._act(discussions.unwatch, discussion_id, now=self._clock())

    async def watch_entries(self, ids: Collection[int], on: bool, *, days: int = 30) -> Change:
        """Watch the first discussion of each entry for so many days, or none of theirs any longer, as one act."""
        now = self._clock()
        return await self._act(discussions.watch_entries, ids, until=now + days * DAY if on else None, now=now)

    async def save_smart(self, name: str, query: str) -> Change:
        """Keep a query as a smart feed. Raises QueryFault for a faulty one, BadInput for no name."""
        return await self._act(smart.save, clean(name), clean(query), now=self._clock())

    async def rename_smart(self, smart_id: int, name: str) -> Change:
        """Give a smart feed another name."""
        return await self._act(smart.rename, smart_id, clean(name), now=self._clock())

    async def remove_smart(self, smart_id: int) -> Change:
        """Forget a smart feed; no entry goes with it."""
        return await self._act(smart.remove, smart_id, now=self._clock())

    async def tag(self, ids: Collection[int], name: str) -> Change:
        """Put a tag on entries."""
        return await self._act(tags.tag, ids, clean(name), now=self._clock())

    async def untag(self, ids: Collection[int], name: str) -> Change:
        """Take a tag off entries."""
        return await self._act(tags.untag, ids, clean(name), now=self._clock())

    async def mute_author(self, author: str, host: str = "", *, days: int = 30) -> Change:
        """Mute what an author says on a host, everywhere for "", for so many days, for good for 0."""
        now = self._clock()
        return await self._act(mutes.mute_author, author, host, expires_at=now + days * DAY if days else None, now=now)

    async def mute_entries(self, *, author: str = "", word: str = "", days: int = 30) -> Change:
        """Mute the entries by an author, or with a word, for so many days, for good for 0. Raises BadInput."""
        now, until = self._clock(), self._clock() + days * DAY if days else None
        word = clean(word)
        return await self._act(mutes.mute_entries, author=author, word=word, expires_at=until, now=now)

    async def mute_thread(self, discussion_id: int, key: str, *, days: int = 30) -> Change:
        """Mute a comment and its replies, those to come as well, for so many days, for good for 0."""
        now, until = self._clock(), self._clock() + days * DAY if days else None
        return await self._act(mutes.mute_thread, discussion_id, key, expires_at=until, now=now)

    async def lift(self, mute_id: int) -> Change:
        """End a mute."""
        return await self._act(mutes.lift, mute_id, now=self._clock())
