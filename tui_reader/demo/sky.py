"""The blog of the folder Sky: an observatory's night shift. Its titles are hostile on purpose, to show it is no use."""

from __future__ import annotations

from tui_reader.demo.content import DAY, HOUR, Blog, Post

_SHIFT = "The night shift"

OBSERVATORY = Blog(
    "observatory",
    "\x1b]2;not your window\x07\x1b[7mThe Night Shift\x1b[0m",
    "What the telescope saw while you slept",
    "Sky",
    "/observatory/feed.json",
    "json",
    (
        Post(
            4,
            "names",
            "[/red] C++ [draft] and other titles that mean nothing bad",
            _SHIFT,
            -7 * HOUR,
            "<p>We name files as we find them. The telescope does not mind, and neither should your reader.</p>",
            ("sky", "files"),
        ),
        Post(
            3,
            "paint",
            "\x1b]0;not your title\x07\x1b[31mA star that tried to paint your terminal\x1b[0m",
            _SHIFT + "\u202e",
            -50 * HOUR,
            "<p>This title carries escape sequences, and so does its feed’s. If all you see is words, they were taken "
            "out on the way in.</p>",
            ("sky",),
        ),
        Post(
            2,
            "seeing",
            "Good seeing",
            _SHIFT,
            -4 * DAY,
            "<p>Between two and three the air went still. On such nights the stars stop twinkling and just <em>are</em>"
            ", which is what we are paid for, and which nobody gets used to.</p><ul><li>01:10 cloud<li>01:50 tea<li>"
            "02:04 the whole of Saturn</ul>",
            ("sky",),
        ),
        Post(
            1,
            "log",
            "Log, Tuesday",
            _SHIFT,
            -6 * DAY,
            "21:40 dome open\n22:15 dome closed, rain\n22:16 dome open, it was the sprinkler\n04:30 bed",
            ("log",),
            plain=True,
        ),
    ),
)
