"""The tables of the library file, version by version.

A version that was shipped is never edited: a change is appended to `MIGRATIONS`, and a golden file of every shipped
version in tests/store/golden/ is migrated by the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_reader.errors import NewerLibrary

APPLICATION_ID = 0x74756972
""""tuir" in the file's header: tells our files from everyone else's."""

_POLL_1 = """
    etag BLOB,
    last_modified BLOB,
    validators_url TEXT NOT NULL DEFAULT '',
    body_hash BLOB NOT NULL DEFAULT x'',
    checked_at INTEGER,
    changed_at INTEGER,
    next_at INTEGER,
    next_why TEXT NOT NULL DEFAULT '',
    wait_until INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    quiet INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    status INTEGER NOT NULL DEFAULT 0,
    words TEXT NOT NULL DEFAULT '',
    moved_to TEXT NOT NULL DEFAULT '',
    moved_count INTEGER NOT NULL DEFAULT 0,
    moved_since INTEGER,
    gone INTEGER NOT NULL DEFAULT 0,
    ttl INTEGER,
    skip_hours TEXT NOT NULL DEFAULT '',
    skip_days TEXT NOT NULL DEFAULT ''
"""

_UNREAD_4 = """(SELECT count(*) FROM entry
    WHERE feed_id = feed.id AND read = 0 AND id NOT IN (SELECT id FROM entry WHERE hidden + muted > 0))"""

UNREAD_NOW = """(SELECT count(*) FROM unread
    WHERE feed_id = feed.id AND id NOT IN (SELECT id FROM entry WHERE hidden + muted > 0))"""
"""What the `unread` of a feed must come to."""
COUNT_UNREAD = f"INSERT OR REPLACE INTO feed_count (feed_id, unread) SELECT id, {UNREAD_NOW} FROM feed"
"""Count anew what is unread of all feeds; a condition on `feed` may follow."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # `title` is what the user sees: own_title, else feed_title, else the host. A removed feed hides its entries.
        f"""CREATE TABLE feed (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            own_title TEXT NOT NULL DEFAULT '',
            feed_title TEXT NOT NULL DEFAULT '',
            folder TEXT NOT NULL DEFAULT '',
            site_url TEXT NOT NULL DEFAULT '',
            fault TEXT NOT NULL DEFAULT '',
            entries INTEGER NOT NULL DEFAULT 0,
            removed_at INTEGER,
            {_POLL_1}
        )""",
        "CREATE UNIQUE INDEX feed_url ON feed(url) WHERE removed_at IS NULL",
        # `address` is the link in its comparable form: it finds an entry again whose guid has changed.
        """CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            feed_id INTEGER NOT NULL REFERENCES feed(id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            url TEXT NOT NULL,
            address TEXT NOT NULL,
            title TEXT NOT NULL,
            author TEXT NOT NULL,
            published INTEGER,
            sort_at INTEGER NOT NULL,
            arrived INTEGER NOT NULL,
            hash BLOB NOT NULL,
            read INTEGER NOT NULL DEFAULT 0,
            starred INTEGER NOT NULL DEFAULT 0,
            edited INTEGER NOT NULL DEFAULT 0,
            UNIQUE (feed_id, key)
        )""",
        # Every list walks one of these in its order and needs nothing else of the table.
        "CREATE INDEX entry_newest ON entry(sort_at, id, feed_id)",
        "CREATE INDEX entry_of_feed ON entry(feed_id, sort_at, id)",
        "CREATE INDEX entry_unread ON entry(sort_at, id, feed_id, read) WHERE read = 0",
        "CREATE INDEX entry_unread_of_feed ON entry(feed_id, sort_at, id, read) WHERE read = 0",
        "CREATE INDEX entry_starred ON entry(sort_at, id, feed_id, starred) WHERE starred = 1",
        "CREATE INDEX entry_address ON entry(feed_id, address) WHERE address != ''",
        # Apart from entry, so that lists never read past bodies.
        """CREATE TABLE content (
            entry_id INTEGER PRIMARY KEY REFERENCES entry(id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            updated INTEGER,
            html TEXT NOT NULL,
            is_text INTEGER NOT NULL,
            base TEXT NOT NULL,
            tags TEXT NOT NULL,
            enclosures TEXT NOT NULL,
            comments_url TEXT NOT NULL
        )""",
        # `held` and `new` are counts of its comments, recounted by whatever writes comments.
        f"""CREATE TABLE discussion (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            entry_id INTEGER NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            url TEXT NOT NULL,
            page_url TEXT NOT NULL,
            declared INTEGER,
            held INTEGER NOT NULL DEFAULT 0,
            new INTEGER NOT NULL DEFAULT 0,
            visit_seq INTEGER,
            {_POLL_1}
        )""",
        "CREATE UNIQUE INDEX discussion_of_entry ON discussion(entry_id, coalesce(nullif(url, ''), page_url))",
        "CREATE INDEX discussion_new ON discussion(entry_id, new) WHERE new > 0",
        # The id is given on arrival, grows over the whole library and is never given twice: it is the `seq` by which
        # news is told.
        """CREATE TABLE comment (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            discussion_id INTEGER NOT NULL REFERENCES discussion(id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            parent_key TEXT NOT NULL,
            confidence TEXT NOT NULL,
            number INTEGER NOT NULL,
            author TEXT NOT NULL,
            author_url TEXT NOT NULL,
            published INTEGER,
            updated INTEGER,
            arrived INTEGER NOT NULL,
            url TEXT NOT NULL,
            html TEXT NOT NULL,
            is_text INTEGER NOT NULL,
            base TEXT NOT NULL,
            read INTEGER NOT NULL DEFAULT 0,
            UNIQUE (discussion_id, key)
        )""",
        # One row an act that can be taken back; `edits` says exactly what it changed.
        """CREATE TABLE journal (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            label TEXT NOT NULL,
            edits TEXT NOT NULL,
            undone INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE VIRTUAL TABLE entry_words USING fts5(title, author, body, tokenize='unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE comment_words USING fts5(author, body, tokenize='unicode61 remove_diacritics 2')",
    ),
    (
        # `complete`: the last look read all there is. `gap_at`: comments older than this moment were missed.
        # `watch_key`: the comment whose replies alone are watched, "" for all. `watch_at`: when a watched one is due.
        "ALTER TABLE discussion ADD COLUMN declared_updated INTEGER",
        "ALTER TABLE discussion ADD COLUMN complete INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE discussion ADD COLUMN gap_at INTEGER",
        "ALTER TABLE discussion ADD COLUMN watch_until INTEGER",
        "ALTER TABLE discussion ADD COLUMN watch_key TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE discussion ADD COLUMN watch_at INTEGER",
        "ALTER TABLE discussion ADD COLUMN watch_why TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE discussion ADD COLUMN name TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX discussion_watched ON discussion(watch_until, entry_id) WHERE watch_until IS NOT NULL",
        # `removed`: the site took it away, our copy stays. `quiet`: never news (1 muted, 2 the reader's own).
        "ALTER TABLE comment ADD COLUMN removed INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE comment ADD COLUMN starred INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE comment ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE comment ADD COLUMN edited INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE comment ADD COLUMN score INTEGER",
        # The replies to a comment, for what is muted or watched with all below it; all that an author said.
        "CREATE INDEX comment_replies ON comment(discussion_id, parent_key)",
        "CREATE INDEX comment_author ON comment(author)",
        # What a comment said before it was changed, oldest first by id.
        """CREATE TABLE comment_edit (
            id INTEGER PRIMARY KEY,
            comment_id INTEGER NOT NULL REFERENCES comment(id) ON DELETE CASCADE,
            seen_at INTEGER NOT NULL,
            html TEXT NOT NULL,
            is_text INTEGER NOT NULL
        )""",
        "CREATE INDEX comment_edit_of ON comment_edit(comment_id)",
        # The visits of a discussion, the last one included: "since which visit?" steps back through them.
        """CREATE TABLE visit (
            id INTEGER PRIMARY KEY,
            discussion_id INTEGER NOT NULL REFERENCES discussion(id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            seq INTEGER NOT NULL
        )""",
        "CREATE INDEX visit_of ON visit(discussion_id)",
        # An author (of one host, or of all where `host` is "") or a comment with its replies (`discussion_id`, `key`).
        # Lifted by `removed_at`, so that it can be undone.
        """CREATE TABLE mute (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            author TEXT NOT NULL DEFAULT '',
            host TEXT NOT NULL DEFAULT '',
            discussion_id INTEGER REFERENCES discussion(id) ON DELETE CASCADE,
            key TEXT NOT NULL DEFAULT '',
            made_at INTEGER NOT NULL,
            expires_at INTEGER,
            removed_at INTEGER
        )""",
        "CREATE INDEX mute_author ON mute(author)",
        # All discussions of the feed's new entries are watched.
        "ALTER TABLE feed ADD COLUMN follow INTEGER NOT NULL DEFAULT 0",
        # One index serves both "this address in this feed" and "the same address in any feed".
        "DROP INDEX entry_address",
        "CREATE INDEX entry_address ON entry(address, feed_id) WHERE address != ''",
    ),
    (
        # What an entry said before it was changed, oldest first by id.
        """CREATE TABLE content_edit (
            id INTEGER PRIMARY KEY,
            entry_id INTEGER NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
            seen_at INTEGER NOT NULL,
            title TEXT NOT NULL,
            html TEXT NOT NULL,
            is_text INTEGER NOT NULL
        )""",
        "CREATE INDEX content_edit_of ON content_edit(entry_id)",
        # The article as its page has it; where it could not be had, why. `shown`: read in place of the feed's text.
        """CREATE TABLE full_text (
            entry_id INTEGER PRIMARY KEY REFERENCES entry(id) ON DELETE CASCADE,
            url TEXT NOT NULL,
            html TEXT NOT NULL,
            error TEXT NOT NULL,
            fetched_at INTEGER NOT NULL,
            shown INTEGER NOT NULL
        )""",
        # How far an article was read: the letters above the first line in sight.
        """CREATE TABLE place (
            entry_id INTEGER PRIMARY KEY REFERENCES entry(id) ON DELETE CASCADE,
            letters INTEGER NOT NULL
        )""",
        # The reader's own tags; what was taken away has a `removed_at`, so that it can be undone.
        """CREATE TABLE tagging (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            entry_id INTEGER NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
            tag TEXT NOT NULL COLLATE NOCASE,
            removed_at INTEGER,
            UNIQUE (entry_id, tag)
        )""",
        "CREATE INDEX tagging_tag ON tagging(tag, entry_id) WHERE removed_at IS NULL",
        # Queries that are kept under a name.
        """CREATE TABLE smart (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            query TEXT NOT NULL,
            removed_at INTEGER
        )""",
        # Not in All, Unread and Today; found by queries all the same.
        "ALTER TABLE feed ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        # The page of every new entry is fetched as well.
        "ALTER TABLE feed ADD COLUMN full_text INTEGER NOT NULL DEFAULT 0",
    ),
    (
        # What the full-text index lacks, or has in older words: written with the entries and comments themselves,
        # emptied behind them.
        """CREATE TABLE entry_unindexed (
            entry_id INTEGER PRIMARY KEY REFERENCES entry(id) ON DELETE CASCADE
        )""",
        """CREATE TABLE comment_unindexed (
            comment_id INTEGER PRIMARY KEY REFERENCES comment(id) ON DELETE CASCADE
        )""",
        # The reader's own tags for all of the feed, as a JSON list; `tag:` in a query finds its entries by them.
        "ALTER TABLE feed ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'",
        # What the reader set for this feed alone; NULL leaves it to the settings. `interval` in seconds, `headers` a
        # JSON object, `password_from` where the password is found ("env:NAME" or "command:WORDS"), never the password.
        "ALTER TABLE feed ADD COLUMN interval INTEGER",
        "ALTER TABLE feed ADD COLUMN headers TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE feed ADD COLUMN login TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE feed ADD COLUMN password_from TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE feed ADD COLUMN my_name TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE feed ADD COLUMN edits_unread INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE feed ADD COLUMN keep INTEGER",
        # Entries that were deleted to keep fewer, while their feed may still show them.
        """CREATE TABLE forgotten (
            feed_id INTEGER NOT NULL REFERENCES feed(id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (feed_id, key)
        ) WITHOUT ROWID""",
        # In no list and no count: `hidden` by a rule, `muted` by a mute of its author or of a word.
        "ALTER TABLE entry ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE entry ADD COLUMN muted INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX entry_hidden ON entry(id, hidden, muted) WHERE hidden + muted > 0",
        # A mute of the entries by an author, or with a word.
        "ALTER TABLE mute ADD COLUMN entry_author TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE mute ADD COLUMN word TEXT NOT NULL DEFAULT ''",
        # What the acts of one run of a rule have in common, "" for the reader's own acts.
        "ALTER TABLE journal ADD COLUMN batch TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX journal_batch ON journal(batch) WHERE batch != ''",
        # How many of its entries are unread and neither hidden nor muted: kept by triggers, whoever writes, so that no
        # list of feeds has to count.
        "ALTER TABLE feed ADD COLUMN unread INTEGER NOT NULL DEFAULT 0",
        f"UPDATE feed SET unread = {_UNREAD_4}",
        """CREATE TRIGGER entry_arrives AFTER INSERT ON entry WHEN new.read + new.hidden + new.muted = 0 BEGIN
            UPDATE feed SET unread = unread + 1 WHERE id = new.feed_id; END""",
        """CREATE TRIGGER entry_goes AFTER DELETE ON entry WHEN old.read + old.hidden + old.muted = 0 BEGIN
            UPDATE feed SET unread = unread - 1 WHERE id = old.feed_id; END""",
        """CREATE TRIGGER entry_is_marked AFTER UPDATE OF read, hidden, muted ON entry
            WHEN (old.read + old.hidden + old.muted = 0) != (new.read + new.hidden + new.muted = 0) BEGIN
            UPDATE feed SET unread = unread + (new.read + new.hidden + new.muted = 0)
                - (old.read + old.hidden + old.muted = 0) WHERE id = new.feed_id; END""",
    ),
    (
        # The count of what is unread moves to a table of two columns, whose rows come and go with the feeds: a trigger
        # writes a whole row of its table anew, and that of a feed is long.
        """CREATE TABLE feed_count (
            feed_id INTEGER PRIMARY KEY REFERENCES feed(id) ON DELETE CASCADE,
            unread INTEGER NOT NULL DEFAULT 0
        )""",
        "INSERT INTO feed_count (feed_id, unread) SELECT id, unread FROM feed",
        "DROP TRIGGER entry_arrives",
        "DROP TRIGGER entry_goes",
        "DROP TRIGGER entry_is_marked",
        "ALTER TABLE feed DROP COLUMN unread",
        "CREATE TRIGGER feed_arrives AFTER INSERT ON feed BEGIN INSERT INTO feed_count (feed_id) VALUES (new.id); END",
        """CREATE TRIGGER entry_arrives AFTER INSERT ON entry WHEN NOT (new.read OR new.hidden OR new.muted) BEGIN
            UPDATE feed_count SET unread = unread + 1 WHERE feed_id = new.feed_id; END""",
        """CREATE TRIGGER entry_goes AFTER DELETE ON entry WHEN NOT (old.read OR old.hidden OR old.muted) BEGIN
            UPDATE feed_count SET unread = unread - 1 WHERE feed_id = old.feed_id; END""",
        """CREATE TRIGGER entry_is_marked AFTER UPDATE OF read, hidden, muted ON entry
            WHEN (old.read OR old.hidden OR old.muted) != (new.read OR new.hidden OR new.muted) BEGIN
            UPDATE feed_count SET unread = unread + iif(new.read OR new.hidden OR new.muted, -1, 1)
            WHERE feed_id = new.feed_id; END""",
    ),
    (
        # What is unread moves from a column to rows of its own, with what lists of it go by: a mark writes a few bytes
        # and no longer the entry anew. `store/unread.py` alone adds and deletes rows, and counts; an entry that is
        # deleted, hidden, muted or moved takes its row and the count along by triggers.
        """CREATE TABLE unread (
            id INTEGER PRIMARY KEY REFERENCES entry(id) ON DELETE CASCADE,
            feed_id INTEGER NOT NULL,
            sort_at INTEGER NOT NULL
        )""",
        "INSERT INTO unread SELECT id, feed_id, sort_at FROM entry WHERE read = 0 ORDER BY id",
        "CREATE INDEX unread_newest ON unread(sort_at, id, feed_id)",
        "CREATE INDEX unread_of_feed ON unread(feed_id, sort_at)",
        "DROP INDEX entry_unread",
        "DROP INDEX entry_unread_of_feed",
        "DROP TRIGGER entry_arrives",
        "DROP TRIGGER entry_goes",
        "DROP TRIGGER entry_is_marked",
        "ALTER TABLE entry DROP COLUMN read",
        """CREATE TRIGGER entry_goes BEFORE DELETE ON entry
            WHEN NOT (old.hidden OR old.muted) AND old.id IN (SELECT id FROM unread) BEGIN
            UPDATE feed_count SET unread = unread - 1 WHERE feed_id = old.feed_id; END""",
        """CREATE TRIGGER entry_is_hidden AFTER UPDATE OF hidden, muted ON entry
            WHEN (old.hidden OR old.muted) != (new.hidden OR new.muted) AND new.id IN (SELECT id FROM unread) BEGIN
            UPDATE feed_count SET unread = unread + iif(new.hidden OR new.muted, -1, 1)
            WHERE feed_id = new.feed_id; END""",
        """CREATE TRIGGER entry_moves AFTER UPDATE OF feed_id ON entry BEGIN
            UPDATE unread SET feed_id = new.feed_id WHERE id = new.id; END""",
    ),
)

VERSION = len(MIGRATIONS)
"""The version this program reads and writes; it stands in the file's `user_version`."""


def steps(version: int, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> tuple[str, ...]:
    """The statements that bring a file of this version to the newest, the new version number included.

    They belong into one transaction. Empty when there is nothing to do; raises NewerLibrary for a version from the
    future.
    """
    newest = len(migrations)
    if version > newest:
        raise NewerLibrary(f"it was written by a newer tui-reader (library version {version}, this one knows {newest})")
    if version == newest:
        return ()
    statements = [statement for migration in migrations[version:] for statement in migration]
    return (
        *statements,
        f"PRAGMA application_id = {APPLICATION_ID}",
        f"PRAGMA user_version = {newest}",
    )
