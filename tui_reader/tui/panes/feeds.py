"""The feeds pane: smart feeds, folders that fold, feeds, each with what is unread and new in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.content import Content

from tui_reader import text
from tui_reader.model import Counts, Feed, Scope, SmartFeed
from tui_reader.tui import lines
from tui_reader.tui.widgets.rows import Rows

INSIDE = " / "
"""Stands between the names of a folder and of one inside it."""


class Node(Struct, frozen=True):
    """One line of the pane. `name` is what it is known by while the lines around it change."""

    kind: Literal["heading", "gap", "smart", "saved", "folder", "feed"]
    name: str
    label: str = ""
    unread: int = 0
    news: int = 0
    scope: Scope | None = None
    feed: Feed | None = None
    folded: bool = False
    indent: int = 0
    saved: SmartFeed | None = None


def scope_name(scope: Scope) -> str:
    """The name of the line that stands for a scope."""
    if scope.kind == "feed":
        return f"feed:{scope.feed_id}"
    if scope.kind == "smart":
        return f"saved:{scope.name.casefold()}"
    return f"folder:{scope.name}" if scope.kind == "folder" else f"smart:{scope.kind}"


def nodes(
    feeds: Iterable[Feed],
    counts: Counts,
    folded: Iterable[str],
    words: str = "",
    saved: Iterable[SmartFeed] = (),
    shown: Iterable[Node] = (),
) -> list[Node]:
    """All lines of the pane. With `words` only feeds that have them all in title or folder, and nothing folded. Of
    those that are `shown` the feeds that are still the same are taken over: only a few of a thousand change at once."""
    shut = set() if words else set(folded)
    wanted = words.casefold().split()
    known = {node.feed.id: node for node in shown if node.feed is not None}
    listed = [
        feed for feed in feeds if not wanted or all(word in f"{feed.title} {feed.folder}".casefold() for word in wanted)
    ]
    told: list[Node] = []
    if not wanted:
        told = [Node("heading", "heading:smart", "Smart"), *_smart(counts, saved)]
        if listed:
            told += [Node("gap", "gap"), Node("heading", "heading:feeds", "Feeds")]
    return [*told, *_folders(listed, shut, known), *(_feed(feed, 0, known) for feed in listed if not feed.folder)]


def _smart(counts: Counts, saved: Iterable[SmartFeed]) -> list[Node]:
    return [
        Node("smart", "smart:all", "All", counts.all, scope=Scope("all")),
        Node("smart", "smart:unread", "Unread", counts.unread, counts.comments_new, Scope("unread")),
        Node("smart", "smart:today", "Today", counts.today, scope=Scope("today")),
        Node("smart", "smart:starred", "Starred", counts.starred, scope=Scope("starred")),
        Node("smart", "smart:watched", "Watching", counts.watched, counts.watched_new, Scope("watched")),
        Node("smart", "smart:news", "New comments", counts.news, counts.comments_new, Scope("news")),
        *map(_saved, saved),
    ]


def _saved(one: SmartFeed) -> Node:
    scope = Scope("smart", one.name, query=one.query)
    return Node("saved", scope_name(scope), one.name, one.unread, scope=scope, saved=one)


def _folders(feeds: Sequence[Feed], shut: Collection[str], known: Mapping[int, Node]) -> Iterator[Node]:
    """The folders with what is in them; "Outer / Inner" stands inside "Outer", which need hold no feed itself."""
    within: dict[str, list[Feed]] = {}
    for feed in feeds:
        if feed.folder:
            within.setdefault(feed.folder, []).append(feed)
    held: dict[str, list[Feed]] = {}
    unread, news = Counter[str](), Counter[str]()
    for inner, some in within.items():
        for folder in _path(inner):
            held.setdefault(folder, [])
            unread[folder] += sum(feed.unread for feed in some)
            news[folder] += sum(feed.comments_new for feed in some)
        held[inner] = some
    for folder in sorted(held, key=lambda name: name.casefold().split(INSIDE)):
        way = _path(folder)
        if any(f"folder:{outer}" in shut for outer in way[:-1]):
            continue
        name = f"folder:{folder}"
        yield Node(
            "folder",
            name,
            folder.rpartition(INSIDE)[2],
            unread[folder],
            news[folder],
            Scope("folder", folder),
            folded=name in shut,
            indent=len(way) - 1,
        )
        if name not in shut:
            yield from (_feed(feed, len(way), known) for feed in held[folder])


def _path(folder: str) -> list[str]:
    """A folder's name with those of the folders it is in, the outermost first."""
    parts = folder.split(INSIDE) if folder else []
    return [INSIDE.join(parts[: count + 1]) for count in range(len(parts))]


def _folder_name(folder: str) -> str:
    return f"folder:{folder}"


def _rank(feed: Feed) -> tuple[str, str, int]:
    return feed.rank


def _feed(feed: Feed, indent: int, known: Mapping[int, Node]) -> Node:
    held = known.get(feed.id)
    if held is not None and held.feed is feed and held.indent == indent:
        return held
    scope = Scope("feed", feed.title, feed.id)
    return Node("feed", f"feed:{feed.id}", feed.title, feed.unread, feed.comments_new, scope, feed, indent=indent)


class FeedsPane(Rows):
    """The subscriptions. `folded` are the names of the folders that are shut."""

    def __init__(self, now: Callable[[], int], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now = now
        self.feeds: list[Feed] = []
        self.counts = Counts()
        self.saved: tuple[SmartFeed, ...] = ()
        self.folded: set[str] = set()
        self.words = ""
        self.nodes: list[Node] = []
        self._feed_at: dict[int, int] = {}
        self._line_at: dict[str, int] = {}
        self.frame(title=Content("Feeds"))

    def line(self, index: int, width: int) -> Content:
        return lines.node(self.nodes[index], width, self.now())

    def selectable(self, index: int) -> bool:
        return self.nodes[index].scope is not None

    def on_resize(self, event: events.Resize) -> None:
        """Show the top again where there is room for it and for the cursor."""
        if self.cursor < self.size.height:
            self.scroll_to(y=0, animate=False, immediate=True)

    @property
    def current(self) -> Node | None:
        """The line under the cursor."""
        return self.nodes[self.cursor] if 0 <= self.cursor < len(self.nodes) else None

    def show_feeds(self, feeds: Sequence[Feed], counts: Counts, saved: Sequence[SmartFeed] = ()) -> None:
        """Show these subscriptions and saved queries with the cursor where it was."""
        self.feeds, self.counts, self.saved = list(feeds), counts, tuple(saved)
        self._feed_at = {feed.id: place for place, feed in enumerate(self.feeds)}
        self.rebuild()

    def renew(self, feeds: Iterable[Feed], counts: Counts, saved: Sequence[SmartFeed]) -> None:
        """Show these subscriptions in the place of their former selves. Where their names and folders are as before,
        only their lines and those above them are looked at: in a refresh some of thousands change ten times a second.
        """
        new = {feed.id: feed for feed in feeds}
        before = self._known(new)
        if len(before) < len(new) or any(before[one].rank != feed.rank for one, feed in new.items()):
            known = {feed.id: feed for feed in self.feeds}
            self.show_feeds(sorted((known | new).values(), key=_rank), counts, saved)
        elif self.words or len(saved) != len(self.saved):
            self.show_feeds([new.get(feed.id, feed) for feed in self.feeds], counts, saved)
        else:
            self._put(before, new, counts, saved)

    def holds(self, scope: Scope) -> int:
        """How many articles a list should have, 0 where that is not known from what is here."""
        if scope.filter:
            return 0
        if scope.kind in {"all", "unread"}:
            return self.counts.unread if scope.unread_only or scope.kind == "unread" else self.counts.all
        if scope.kind == "feed":
            held = [feed for feed in self.feeds if feed.id == scope.feed_id]
        elif scope.kind == "folder":
            held = [feed for feed in self.feeds if scope.name in _path(feed.folder)]
        else:
            return 0
        return sum(feed.unread if scope.unread_only else feed.entries for feed in held)

    def count(self, unread: Mapping[int, int], starred: int) -> None:
        """So many more are unread in these feeds and so many more starred, by marks that are not stored yet."""
        before = self._known(unread)
        now = {one: replace(feed, unread=max(0, feed.unread + unread[one])) for one, feed in before.items()}
        more = sum(unread[one] for one, feed in before.items() if not feed.hidden)
        counts = self.counts
        self._put(
            before,
            now,
            replace(counts, unread=max(0, counts.unread + more), starred=max(0, counts.starred + starred)),
            self.saved,
        )

    def _put(
        self, before: Mapping[int, Feed], now: Mapping[int, Feed], counts: Counts, saved: Sequence[SmartFeed]
    ) -> None:
        """Change these subscriptions, the totals and the saved queries, whose names are as they were."""
        self.counts, self.saved = counts, tuple(saved)
        unread, news = Counter[str](), Counter[str]()
        for one, feed in now.items():
            for name in map(_folder_name, _path(feed.folder)):
                unread[name] += feed.unread - before[one].unread
                news[name] += feed.comments_new - before[one].comments_new
        changed = {node.name: node for node in _smart(counts, saved)}
        for one, feed in now.items():
            self.feeds[self._feed_at[one]] = feed
            node = self._node(f"feed:{one}")
            if node is not None:
                changed[node.name] = _feed(feed, node.indent, {})
        for name, more in unread.items():
            node = self._node(name)
            if node is not None:
                changed[name] = replace(node, unread=node.unread + more, news=node.news + news[name])
        places: set[int] = set()
        for name, node in changed.items():
            if node != self._node(name) and name in self._line_at:
                self.nodes[self._line_at[name]] = node
                places.add(self._line_at[name])
        self.redraw_rows(places.__contains__)

    def _known(self, ids: Iterable[int]) -> dict[int, Feed]:
        """The subscriptions among these that are shown."""
        return {one: self.feeds[self._feed_at[one]] for one in ids if one in self._feed_at}

    def _node(self, name: str) -> Node | None:
        place = self.place(name)
        return None if place is None else self.nodes[place]

    def rebuild(self, cursor: str = "") -> None:
        """Lay the lines out anew, with the cursor on the line named `cursor` or on the one it was on."""
        at = cursor or (self.current.name if self.current is not None else "smart:unread")
        before, shown = self.cursor, self.nodes
        self.nodes = now = nodes(self.feeds, self.counts, self.folded, self.words, self.saved, shown)
        self._line_at = {node.name: place for place, node in enumerate(now)}
        place = self.place(at)
        if place is None and at.startswith("feed:"):
            place = self._folder_of(at)
        self.show(
            len(now),
            cursor=min(before, len(now) - 1) if place is None else place,
            keep_line=True,
            changed=lambda row: row >= len(shown) or now[row] != shown[row],
        )
        self.frame(subtitle=Content(text.plural(len(self.feeds), "feed") if self.feeds else ""))

    def place(self, name: str) -> int | None:
        """Where the line of this name stands."""
        return self._line_at.get(name)

    def _folder_of(self, name: str) -> int | None:
        folder = next((feed.folder for feed in self.feeds if f"feed:{feed.id}" == name), None)
        return self.place(f"folder:{folder}") if folder else None

    def toggle(self) -> None:
        """Shut or open the folder under the cursor."""
        node = self.current
        if node is not None and node.kind == "folder":
            (self.folded.discard if node.folded else self.folded.add)(node.name)
            self.rebuild()

    def out(self) -> None:
        """From a feed to its folder; a folder folds, and a folded one leads to the folder it is in."""
        node = self.current
        if node is None or node.scope is None:
            return
        if node.kind == "folder" and not node.folded:
            self.toggle()
            return
        outer = (
            node.scope.name.rpartition(INSIDE)[0] if node.kind == "folder" else node.feed.folder if node.feed else ""
        )
        place = self.place(f"folder:{outer}")
        if place is not None:
            self.goto(place)

    def narrow(self, words: str) -> None:
        """Show only the feeds with these words; "" shows all again."""
        self.words = words.strip()
        self.rebuild()
        self.frame(title=Content(f"Feeds · {self.words}" if self.words else "Feeds"))

    def inside(self, node: Node) -> list[Feed]:
        """The feeds a line stands for: itself, or all in the folder; none for a smart feed."""
        if node.kind == "folder" and node.scope is not None:
            folder = node.scope.name
            return [feed for feed in self.feeds if feed.folder == folder or feed.folder.startswith(folder + INSIDE)]
        return [node.feed] if node.feed is not None else []

    def scope_of(self, feed: Feed) -> Scope:
        """The scope of one feed."""
        return Scope("feed", feed.title, feed.id)

    def go(self, scope: Scope) -> bool:
        """Put the cursor on the line of a scope, opening its folder; False when it has none."""
        name = scope_name(scope)
        if self.place(name) is None and scope.kind == "feed":
            folder = next((feed.folder for feed in self.feeds if feed.id == scope.feed_id), "")
            self.folded.difference_update(f"folder:{outer}" for outer in _path(folder))
            self.rebuild()
        place = self.place(name)
        if place is not None:
            self.goto(place)
        return place is not None

    def next_unread(self, scope: Scope, step: int = 1) -> Scope | None:
        """The next (1) or previous (-1) feed with something unread, going round, folded ones included."""
        order = [node for node in nodes(self.feeds, self.counts, (), self.words) if node.kind == "feed"]
        names = [node.name for node in order]
        here = names.index(scope_name(scope)) if scope_name(scope) in names else (-1 if step > 0 else len(order))
        for away in range(1, len(order) + 1):
            node = order[(here + step * away) % len(order)]
            if node.unread and node.scope != scope:
                return node.scope
        return None

    def neighbour(self, scope: Scope, step: int) -> Scope | None:
        """The next (1) or previous (-1) line that stands for something, staying inside the list."""
        order = [node.scope for node in self.nodes if node.scope is not None]
        names = [scope_name(scope) for scope in order]
        here = names.index(scope_name(scope)) if scope_name(scope) in names else 0
        return order[here + step] if 0 <= here + step < len(order) else None
