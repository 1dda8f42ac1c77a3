"""Keys as other programs have them: what each preset changes of the default keys, and where it is not like its model.

Pure data. A preset stands between the default keys and the user's own. A test sees to it that no preset clashes with
itself and that none leaves a command without a key that has one by default.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

KEY = "preset"
"""Its name in the settings, and the one under which the library remembers what was chosen in the reader."""


class Preset(Struct, frozen=True):
    """`keys` by command id, in place of the default ones; `differences` from its model, a sentence each."""

    sentence: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    differences: tuple[str, ...] = ()


PRESETS: Mapping[str, Preset] = {
    "default": Preset("what terminal readers have in common: j k, h l, n p, space reads on"),
    "vim": Preset(
        "as in vim: N back, ^w for panes, g t and g T for feeds, Z Z leaves",
        {
            "move.page_down": ("ctrl+f", "pagedown"),
            "move.page_up": ("ctrl+b", "pageup", "b"),
            "entry.previous_unread": ("N", "p"),
            "thread.previous_new": ("N", "p", "["),
            "feed.next": ("g t", "J"),
            "feed.previous": ("g T", "K"),
            "feed.fold": ("z a", "z o", "z c"),
            "thread.in": ("l", "right", "enter", "z o"),
            "thread.out": ("h", "left", "z c"),
            "pane.in": ("l", "right", "ctrl+w l"),
            "pane.out": ("h", "left", "ctrl+w h"),
            "pane.next": ("tab", "ctrl+w w"),
            "pane.previous": ("shift+tab", "ctrl+w p"),
            "pane.zoom": ("z z", "ctrl+w o"),
            "pane.wider": ("z l", "ctrl+w >"),
            "pane.narrower": ("z h", "ctrl+w <"),
            "pane.taller": ("z j", "ctrl+w +"),
            "pane.shorter": ("z k", "ctrl+w -"),
            "pane.even": ("z =", "ctrl+w ="),
            "pane.back": ("escape", "ctrl+c", "q"),
            "link.open": ("o", "g x"),
            "link.follow": ("f", "g f"),
            "link.follow_comment": ("f", "g f"),
            "app.quit": ("Z Z", "Z Q", "Q"),
        },
        (
            "`?` is the help; `/` finds forwards only, `n` and `N` go on and back.",
            "`m` marks read: there are no marks under letters. `q` goes back: macros are written into config.toml.",
            "`y y` copies to the terminal's clipboard; there are no registers, and `p` is the previous unread article.",
            "`:q` leaves, `:12` goes to line 12, `:set ui.width 90` sets; the other commands are the reader's own.",
        ),
    ),
    "newsboat": Preset(
        "as in newsboat: N toggles read, u lists links, s saves, ^n and ^p for feeds",
        {
            "entry.toggle_read": ("N", "m"),
            "thread.toggle_read": ("N", "m"),
            "entry.star": ("*",),
            "comment.star": ("*",),
            "entry.tag": ("t", "ctrl+e"),
            "save.article": ("s", "e s"),
            "link.list": ("u", "L"),
            "link.open": ("o", "O"),
            "link.open_discussion": ("e o",),
            "link.follow": ("#", "f"),
            "link.follow_comment": ("#", "f"),
            "act.undo": ("U",),
            "find.here": ("/", "F"),
            "feed.next": ("ctrl+n", "J"),
            "feed.previous": ("ctrl+p", "K"),
            "article.source": ("ctrl+u", "z s"),
            "move.half_up": ("alt+u",),
            "move.half_down": ("alt+d", "ctrl+d"),
            "app.palette": ("f2",),
        },
        (
            "`j` and `k` move in every list; newsboat's go to another feed from the articles: `^n`, `^p` here.",
            "`q` in the feeds does not leave the reader: `Q` does.",
            "`u` lists links, so undo, which newsboat lacks, is `U`. A star is `*`: it takes the place of flags.",
            "Digits are counts; a link opens with `#` and its number, or with `3#`.",
            "`e` begins what changes a feed: there is no queue of enclosures, they are among the links.",
            "`g` and `G` do not sort: `g g` and `G` go to the top and the bottom.",
            "`l` goes on to the next pane: read feeds stay in sight. `^f` pages; `q` clears a filter.",
            "Articles are never deleted: `D`, `^d` and `$` do nothing of the kind. `C`: go to All, then `A`.",
            "`|` asks in which form: `| t` is the text, as newsboat pipes it. Macros are in `[macros]`, as `, x`.",
            "There is no urls file to edit with `E`: `a` adds, `e n`, `e m`, `e u` and `d d` change a feed.",
        ),
    ),
    "emacs": Preset(
        "as in emacs: C-n C-p, C-v M-v, C-s, C-g, C-x o, M-x, C-x C-c",
        {
            "move.down": ("ctrl+n", "j", "down"),
            "move.up": ("ctrl+p", "k", "up"),
            "move.page_down": ("ctrl+v", "pagedown"),
            "move.page_up": ("alt+v", "pageup", "b"),
            "move.top": ("alt+<", "g g", "home"),
            "move.bottom": ("alt+>", "G", "end"),
            "pane.in": ("ctrl+f", "l", "right"),
            "pane.out": ("ctrl+b", "h", "left"),
            "pane.next": ("ctrl+x o", "tab"),
            "pane.zoom": ("ctrl+x 1", "z z"),
            "pane.wider": ("ctrl+x }", "z l"),
            "pane.narrower": ("ctrl+x {", "z h"),
            "pane.taller": ("ctrl+x ^", "z j"),
            "pane.even": ("ctrl+x +", "z ="),
            "pane.back": ("ctrl+g", "escape", "q"),
            "find.here": ("ctrl+s", "/"),
            "find.everywhere": ("alt+s", "\\"),
            "act.undo": ("ctrl+underscore", "ctrl+x u", "u"),
            "act.repeat": ("ctrl+x z", "."),
            "copy.link": ("alt+w", "y y"),
            "link.open": ("o", "ctrl+c ctrl+o"),
            "save.article": ("ctrl+x ctrl+w", "e s"),
            "app.command": ("alt+x", ":"),
            "app.palette": ("ctrl+x p",),
            "app.help": ("?", "f1"),
            "app.quit": ("ctrl+x ctrl+c", "Q"),
        },
        (
            "Many terminals cannot tell `M-<` and `M->` from `<` and `>`: `home` and `end` go to top and bottom.",
            "`C-h` is the backspace of many terminals: the help is `?` and `f1`.",
            "Letters are commands, as in Gnus and Elfeed: nothing is typed into the reader but after a question.",
            "Counts are digits, `5 C-n`, not `C-u 5`: `C-u` goes half a page up. `C-_` undoes, `C-r` does again.",
            "There is no mark, no kill ring and no minibuffer history beyond `M-x` and the up arrow.",
        ),
    ),
}
"""The presets by name, the default keys first."""
