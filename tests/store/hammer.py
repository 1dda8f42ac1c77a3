"""A process that writes to a library until it is killed, or N times: `python hammer.py LIBRARY ACKED NAME N`.

Each turn stores an entry, then marks it read; a line in ACKED says what the library has acknowledged.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tui_reader.model import DiscussionRef, EntryUpdate, FeedUpdate, ParsedComment, ParsedEntry, PollState, ThreadUpdate
from tui_reader.store import comments, connect, discussions, entries, feeds, status

NOW = 1_700_000_000


def write(library: Path, acked: str, name: str, turns: int) -> None:
    """Store, discuss and mark one entry after another."""
    db = connect.open_writer(library, now=NOW)
    log = os.open(acked, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    feed = feeds.add(db, url=f"https://{name}.example/feed", now=NOW)
    start = feeds.feed(db, feed).entries
    for turn in range(start, start + turns):
        key = f"{name}-{turn}"
        refs = (DiscussionRef("feed", f"https://{name}.example/{turn}"),)
        entry = ParsedEntry(key=key, title=key, html=f"<p>{'body ' * 200}{key}</p>", discussions=refs)
        update = FeedUpdate(feed, name, "", "", PollState(), (EntryUpdate(None, entry, NOW, b"x"),))
        (entry_id,) = entries.save(db, update, now=NOW).entries
        os.write(log, f"stored {key}\n".encode())
        said = [ParsedComment("1", html="one"), ParsedComment("2", html="two")]
        talk = discussions.of_entry(db, entry_id)[0]
        comments.save(db, ThreadUpdate(talk.id, tuple(said), PollState(checked_at=NOW)), now=NOW)
        os.write(log, f"said {key}\n".encode())
        status.mark(db, [entry_id], True, now=NOW)
        os.write(log, f"read {key}\n".encode())
    db.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
