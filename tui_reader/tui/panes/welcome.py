"""The first thing a newcomer sees: the ways to begin."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui_reader import text

BEGINNINGS = (
    ("d", "welcome.demo", "look around", "a small site inside the program; nothing leaves this machine"),
    ("a", "feed.add", "add a feed", "the address of any page will do"),
    ("i", "feed.import", "import OPML", "bring your subscriptions along"),
    (
        "n",
        "welcome.newsboat",
        "from newsboat",
        "feeds, tags and articles, what is read and flagged; undo takes it back",
    ),
    ("s", "welcome.starter", "starter list", "a few good feeds by topic; undo takes them back"),
    ("t", "welcome.tour", "tour", "the ten keys that are enough to read with"),
    ("k", "app.keys", "keys", "those of vim, newsboat or emacs in place of the usual ones"),
)
"""The keys of the first screen with the commands they are for, in a word and in a sentence. They are its own, since
there is nothing yet that the usual commands of these keys could act on."""
WIDEST = 86


class WelcomePane(Widget):
    """What stands where the panes will be while nothing is subscribed to."""

    def render(self) -> Content:
        width, height = self.size
        roomy = height >= len(BEGINNINGS) * 2 + 8
        left = " " * max(2, (width - WIDEST) // 2) if width > WIDEST else "  "
        rows: list[Content] = [
            Content.assemble(left, ("tui-reader", "bold $primary")),
            Content.assemble(left, ("Posts and the talk below them, in one place.", "$text")),
            Content(""),
            Content.assemble(left, ("You follow no feeds yet. Begin with one of these:", "$text-muted")),
            Content(""),
        ]
        for key, _, word, meaning in BEGINNINGS:
            room = width - len(left) - 20
            rows.append(
                Content.assemble(
                    f"{left}  ",
                    (text.pad(key, 3), "bold $primary"),
                    (text.pad(word, 15), "bold"),
                    (text.cut(meaning, room) if room >= 20 else "", "$text-muted"),
                )
            )
            if roomy:
                rows.append(Content(""))
        above = max(0, (height - len(rows)) // 3)
        return Content("\n").join([*(Content("") for _ in range(above)), *rows])
