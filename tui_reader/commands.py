"""The one table of commands: what can be done, in one sentence each, with its default keys.

The keys, the palette, the footer, the help and docs/keys.md are made from it, and a user's keymap is checked against
it. A command is named in two places: its row here and its function in `tui/actions/`.

A key is written as a single character (`j`, `G`, `?`), as a name (`enter`, `space`, `pagedown`) or with a modifier
(`ctrl+d`); a sequence has a space between (`g g`). Digits are counts and cannot be keys of their own.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Context = Literal["any", "feeds", "entries", "article", "thread"]
"""Where a command works: everywhere, or while the keys are in one pane. A pane's own key wins over a general one."""


class Command(Struct, frozen=True):
    """One row.

    `hint` is its word in the footer, "" when it is not shown there. `argument` says in a word what may be given to it
    (`entry.tag rust`), "" when it takes nothing; without one it asks. `asks` says that it asks all the same. `acts`
    says that `.` does it again. `steps` are the commands of a macro, each with what is given to it.
    """

    id: str
    sentence: str
    keys: tuple[str, ...]
    context: Context = "any"
    hint: str = ""
    argument: str = ""
    acts: bool = False
    asks: bool = False
    steps: tuple[str, ...] = ()


COMMANDS: tuple[Command, ...] = (
    # moving
    Command("move.down", "Go down, by a count if one is given", ("j", "down"), hint="down"),
    Command("move.up", "Go up, by a count if one is given", ("k", "up"), hint="up"),
    Command("move.top", "Go to the top", ("g g", "home")),
    Command("move.bottom", "Go to the bottom", ("G", "end")),
    Command("move.page_down", "Go a page down", ("pagedown", "ctrl+f")),
    Command("move.page_up", "Go a page up", ("pageup", "b", "ctrl+b")),
    Command("move.half_down", "Go half a page down", ("ctrl+d",)),
    Command("move.half_up", "Go half a page up", ("ctrl+u",)),
    Command("move.jump", "Go to any row in sight by the letter it gets", (";",)),
    Command("go.back", "Go back to the article or list visited before", ("ctrl+o",)),
    Command("go.forward", "Go forward again", ("g i",)),
    # panes
    Command("pane.in", "Go one pane further in: feeds, articles, article, discussion", ("l", "right")),
    Command("pane.out", "Go one pane out", ("h", "left")),
    Command("pane.next", "Go to the next pane round", ("tab",)),
    Command("pane.previous", "Go to the previous pane round", ("shift+tab",)),
    Command("pane.feeds", "Go to the feeds", ("g 1",)),
    Command("pane.entries", "Go to the articles", ("g 2",)),
    Command("pane.article", "Go to the article", ("g 3",)),
    Command("pane.discussion", "Go to the discussion", ("g 4",)),
    Command("pane.open", "Open what the cursor is on", ("enter",), hint="open"),
    Command("pane.back", "Go back: close a filter, leave a zoom, go one pane out", ("escape", "q")),
    Command("pane.zoom", "Give the pane the whole screen, and back", ("z z",)),
    Command("pane.wider", "Make the pane wider, by as many columns as counted", ("z l",)),
    Command("pane.narrower", "Make the pane narrower", ("z h",)),
    Command("pane.taller", "Make the pane taller, by as many lines as counted", ("z j",)),
    Command("pane.shorter", "Make the pane shorter", ("z k",)),
    Command("pane.even", "Give all panes their usual sizes again", ("z =",)),
    # reading
    Command(
        "read.on",
        "Read on: down the page, next new comment, next unread article, next feed",
        ("space",),
        hint="read on",
    ),
    Command("entry.next_unread", "Open the next unread article", ("n",), hint="next"),
    Command("entry.previous_unread", "Open the previous unread article", ("p",)),
    Command("feed.next", "Go to the next feed", ("J",)),
    Command("feed.previous", "Go to the previous feed", ("K",)),
    Command(
        "article.full_text", "Read the article as its own page has it, and back", ("x",), hint="full text", acts=True
    ),
    Command("article.always_full_text", "Always fetch the full text of this feed, or no longer", ("e x",), acts=True),
    Command("article.notes", "Go to a footnote that is in sight", ("F",), context="article", asks=True),
    Command("article.back", "Go back from a footnote", ("`",), context="article"),
    Command("article.changes", "Show what a change of the article changed", ("=",)),
    Command("article.source", "Show the article's source", ("z s",)),
    Command("discussion.show", "Show the discussion, and back to the article", ("c",), hint="discussion"),
    # marks
    Command("entry.toggle_read", "Mark the article read or unread", ("m",), hint="read", acts=True),
    Command("entry.mark_all", "Mark every listed article read", ("A",), acts=True),
    Command("entry.select", "Select articles: move, then any command acts on them", ("v",), context="entries"),
    Command("entry.mark_above", "Mark every article above read", ("M a",), acts=True),
    Command("entry.mark_below", "Mark every article below read", ("M b",), acts=True),
    Command("entry.mark_older", "Mark read what is older than so many days", ("M o",), argument="age", acts=True),
    Command("feed.mark_read", "Mark the feed, folder or smart feed read", ("M f",), acts=True),
    Command("feed.mark_folder_read", "Mark the feed's whole folder read", ("M F",), acts=True),
    Command("entry.star", "Star the article, or take its star away", ("s",), hint="star", acts=True),
    Command("act.undo", "Take back the last act", ("u",), hint="undo"),
    Command("act.repeat", "Do the last act again, as it was done or by another count", (".",)),
    Command("act.redo", "Do again what was taken back", ("ctrl+r",)),
    Command("act.journal", "Show what was done, and take any of it back", ("g u",), asks=True),
    Command("entry.tag", "Put tags of yours on the article, or take them off", ("t",), argument="tag", acts=True),
    # links
    Command("link.open", "Open the article, or the comment, in the browser", ("o",), acts=True),
    Command("link.open_discussion", "Open the discussion's page in the browser", ("O",), acts=True),
    Command("link.follow", "Follow a link by its number", ("f",), context="article", hint="link", acts=True, asks=True),
    Command(
        "link.follow_comment",
        "Follow a link of the comment by its number",
        ("f",),
        context="thread",
        acts=True,
        asks=True,
    ),
    Command("link.list", "List the links, with where they lead", ("L",), asks=True),
    Command(
        "image.show",
        "Show the article's pictures; again: the one in sight on the whole screen",
        ("i",),
        context="article",
    ),
    Command("copy.link", "Copy the article's or the comment's address", ("y y",), acts=True),
    Command("copy.title", "Copy the article's title", ("y t",), acts=True),
    Command("copy.number", "Copy the address of a link by its number", ("y f",), acts=True, asks=True),
    Command("copy.markdown", "Copy the article as Markdown", ("y m",), acts=True),
    Command("save.article", "Save the article as Markdown, text, HTML or JSON", ("e s",), argument="file", acts=True),
    Command("pipe.markdown", "Pipe the article to a command as Markdown", ("| m",), argument="command", acts=True),
    Command("pipe.text", "Pipe the article to a command as text", ("| t",), argument="command", acts=True),
    Command("pipe.html", "Pipe the article to a command as HTML", ("| h",), argument="command", acts=True),
    Command("pipe.json", "Pipe the article to a command as JSON", ("| j",), argument="command", acts=True),
    # finding
    Command("find.here", "Filter this list, or find in this text", ("/",), hint="filter", argument="query"),
    Command("find.everywhere", "Search all articles and comments", ("\\",), argument="query"),
    # the order of the list
    Command("sort.date", "Sort the list: newest first", ("S d",)),
    Command("sort.arrival", "Sort the list: last arrived first", ("S a",)),
    Command("sort.title", "Sort the list by title", ("S t",)),
    Command("sort.feed", "Sort the list by feed", ("S f",)),
    Command("sort.comments", "Sort the list: most comments first", ("S c",)),
    Command("sort.new", "Sort the list: most new comments first", ("S n",)),
    Command("sort.relevance", "Sort a search: the best of the newest 2,000 first", ("S b",)),
    Command("sort.reverse", "Turn the order of the list round", ("S r",)),
    Command("look.dates", "Show dates in full in place of ages, everywhere, and back", ("z t",)),
    Command("look.density", "Give every row of the list a second line, and back", ("z d",)),
    # feeds
    Command("refresh.feed", "Refresh this feed now", ("r",), hint="refresh", acts=True),
    Command("refresh.whole", "Fetch the feed whole although its server says nothing is new (once an hour)", ("e r",)),
    Command("refresh.all", "Refresh every feed that is due", ("R",), acts=True),
    Command("feed.add", "Subscribe to an address: a feed's, or any page's", ("a",), hint="add", argument="address"),
    Command(
        "feed.rename",
        "Rename the feed, the folder or the smart feed",
        ("e n",),
        context="feeds",
        argument="name",
    ),
    Command("feed.move", "Move the feed to a folder", ("e m",), context="feeds", argument="folder", acts=True),
    Command(
        "feed.address",
        "Change the feed's address, or what the smart feed asks",
        ("e u",),
        context="feeds",
        argument="address",
    ),
    Command(
        "feed.remove",
        "Unsubscribe from the feed, or forget the smart feed; undo brings it back",
        ("d d",),
        context="feeds",
        acts=True,
    ),
    Command(
        "feed.settings",
        "Set how often this feed is asked, its login, headers, name, tags, what is kept",
        ("e e",),
        asks=True,
    ),
    Command("feed.hide", "Leave the feed out of All and Unread, or no longer", ("e h",), acts=True),
    Command("smart.save", "Keep what the list shows as a smart feed", ("e f",), argument="name"),
    Command("feed.fold", "Fold or unfold the folder", ("z a",), context="feeds"),
    Command("feed.import", "Import subscriptions from an OPML file", (), argument="file"),
    Command("feed.export", "Export the subscriptions to an OPML file", (), argument="file"),
    Command("error.details", "Show what went wrong with a feed", ("!",)),
    # discussion
    Command(
        "thread.next_new",
        "Go to the next new comment, on into the next discussion with news",
        ("n", "]"),
        context="thread",
        hint="next new",
    ),
    Command("thread.previous_new", "Go to the previous new comment", ("p", "["), context="thread"),
    Command("thread.next_sibling", "Go to the next reply of the same parent", ("J",), context="thread", hint="sibling"),
    Command("thread.previous_sibling", "Go to the previous reply of the same parent", ("K",), context="thread"),
    Command("thread.next_top", "Go to the next top-level comment", ("}",), context="thread", hint="thread"),
    Command("thread.previous_top", "Go to the previous top-level comment", ("{",), context="thread"),
    Command(
        "thread.out",
        "Fold the replies, or go to the parent, or leave the discussion",
        ("h", "left"),
        context="thread",
        hint="fold",
    ),
    Command("thread.in", "Unfold the replies, or go to the first of them", ("l", "right", "enter"), context="thread"),
    Command("thread.root", "Go to the top of this thread", ("H",), context="thread"),
    Command("thread.toggle_read", "Mark the comment read or unread", ("m",), context="thread", acts=True),
    Command(
        "thread.mark_subtree",
        "Mark the comment and its replies read",
        ("M",),
        context="thread",
        hint="read all",
        acts=True,
    ),
    Command("thread.look", "Look for new comments now", ("r",), context="thread", acts=True),
    Command("thread.back", "Go back to where the cursor was before the last jump", ("`",), context="thread"),
    Command("thread.peek", "Show everything that the comment answers", ("P",), context="thread"),
    Command("thread.order", "Change the order: tree, newest first, only new, by author", ("S",), context="thread"),
    Command("thread.fold_all", "Fold everything", ("z M",), context="thread"),
    Command("thread.unfold_all", "Unfold everything", ("z R",), context="thread"),
    Command("thread.fold_old", "Fold everything without news", ("z n",), context="thread"),
    *(
        Command(f"thread.depth_{word}", f"Open the thread to level {depth}", (f"z {depth}",), "thread")
        for depth, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)
    ),
    Command("discussion.look_watched", "Look at every watched discussion now", ("R",), context="thread", acts=True),
    Command("discussion.next_source", "Go to the next place where the article is discussed", (">",)),
    Command("discussion.previous_source", "Go to the previous place where the article is discussed", ("<",)),
    Command("discussion.elsewhere", "Ask Hacker News and Lobsters about the article's link", ("E",), acts=True),
    Command("discussion.watch", "Watch the discussion, or no longer", ("w",), hint="watch", acts=True),
    Command(
        "discussion.watch_replies",
        "Watch only this comment's replies, or no longer",
        ("W",),
        context="thread",
        acts=True,
    ),
    Command("discussion.watch_feed", "Watch every discussion of this feed, or no longer", ("e w",), acts=True),
    Command("discussion.back_fill", "Fetch the comments that the feed no longer shows", ("B",), acts=True),
    Command("discussion.since", "Step back: new since which visit?", ("V",), context="thread"),
    Command(
        "mute.thread",
        "Mute the comment and its replies, for so many days as counted",
        ("X t",),
        context="thread",
        acts=True,
    ),
    Command("mute.author", "Mute the author on this site", ("X a",), context="thread", acts=True),
    Command("mute.author_everywhere", "Mute the author everywhere", ("X e",), context="thread", acts=True),
    Command(
        "mute.word", "Mute the articles with a word, for so many days as counted", ("X w",), argument="word", acts=True
    ),
    Command("mute.entry_author", "Mute the articles by this one's author", ("X b",), acts=True),
    Command("mute.list", "Show what is muted, and lift a mute", ("X l",), asks=True),
    Command("comment.star", "Star the comment, or take its star away", ("s",), context="thread", acts=True),
    Command("comment.author", "Show everything the author has said", ("i",), context="thread"),
    Command("comment.changes", "Show what an edit of the comment changed", ("=",), context="thread"),
    Command("comment.quote", "Copy the comment as a quotation", ("y q",), context="thread", acts=True),
    # the program
    Command("app.command", "Type a command, a setting or a line's number", (":",), hint="command", asks=True),
    Command("app.palette", "Find a command by what it does", ("ctrl+p",), asks=True),
    Command("app.help", "Show every key", ("?",), hint="help"),
    Command("app.keys", "Choose whose keys these are: default, vim, newsboat, emacs", (), argument="preset"),
    Command("app.theme", "Choose how it looks: the theme, with a preview", (), argument="theme"),
    Command("app.quit", "Leave the reader", ("Q", "ctrl+c")),
    # the first screen
    Command("welcome.demo", "Start the demo on this machine", ()),
    Command(
        "welcome.newsboat", "Bring newsboat over: feeds, tags, query feeds, what is read and flagged", (), asks=True
    ),
    Command("welcome.starter", "Choose topics of a short starter list, and subscribe to their feeds", (), asks=True),
    Command("welcome.tour", "Take the tour: the ten keys that are enough to read with", ()),
)
