"""What is written on the demo site: blogs, posts, comments. Data only.

`at` is in seconds relative to the start of the site: negative is the past, positive arrives while one watches.
"""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; `to` is the number of the comment it answers, 0 for the post."""

    number: int
    author: str
    at: int
    text: str
    to: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its comments."""

    slug: str
    title: str
    author: str
    at: int
    html: str
    tags: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    audio: str = ""


LIGHTHOUSE = (
    Post(
        "three-thoughts",
        "The lamp that would not go out",
        "Marta Quill",
        -2 * HOUR,
        """<p>When the coast guard switched the old lighthouse off, nobody had told <em>the lamp</em>. It runs on a
mercury bath, two kilograms of glass and a habit of ninety years, and on the first dark evening it simply went on
turning. I climbed up with a torch and <a href="/lighthouse/log-book">the log book</a> to see why.</p>
<h2>What I found</h2>
<p>The drive is a falling weight, like a grandfather clock’s. Switching off the mains had stopped the <code>winding
motor</code>, not the clock. So the weight was still falling, and with it came</p>
<ul><li>eleven hours of rotation,<li>a very faint glow from the <strong>emergency</strong> filament,<li>and one
worried telephone call from a trawler.</ul>
<blockquote><p>“It blinks slower than usual,” said the skipper. “Like somebody who is thinking.”</p></blockquote>
<p>I let it run down. It stopped at ten past five, facing the sea.</p>
<figure><img src="/lighthouse/lens.jpg" alt="The lens at dawn">
<figcaption>The lens at dawn, ten past five</figcaption></figure>
<p>The falling weight is described, with drawings, in <a href="https://example.org/clockwork">a small book on
clockwork</a>; the film below shows it wound by hand.</p>
<p><iframe src="https://video.example/embed/winding" title="Winding the lamp"></iframe></p>""",
        ("lighthouse", "clockwork"),
        (
            Remark(7, "Ann", -110 * MINUTE, "<p>The slow blink is the loveliest thing I have read all week.</p>"),
            Remark(8, "Bob", -90 * MINUTE, "<p>Which oil is in the bearings? Ours seized after a single winter.</p>"),
            Remark(
                9,
                "Marta Quill",
                -70 * MINUTE,
                "<p>None at all: it floats on mercury. That is why it never stops.</p>",
                8,
            ),
            Remark(11, "Cid", 20, "<p>And why nobody is allowed to keep it. Ours was drained in 1984.</p>", 9),
            Remark(12, "Jürgen", 38, "<p>Bei uns auf der Insel auch. Die Linse steht jetzt im Rathaus.</p>", 11),
            Remark(13, "Ann", 62, "<p>Does the trawler know it was famous for one night?</p>", 7),
            Remark(14, "Marta Quill", 84, "<p>He has asked for a print of the photograph.</p>", 13),
        ),
    ),
    Post(
        "fog-signal",
        "A fog signal is a letter addressed to everyone",
        "Marta Quill",
        -26 * HOUR,
        """<p>Four seconds on, fifty-six seconds off. Ships do not hear a <em>sound</em>, they hear a <em>name</em>: the
pattern says which rock is talking. Ours was assigned in 1911 by a clerk who, I am told, was fond of silence.</p>
<table><tr><th>Station<th>On<th>Off<th>Heard at<tr><td>Gull Rock<td align=right>4 s<td align=right>56 s<td>3 miles
<tr><td>Two Sisters<td align=right>2 s<td align=right>18 s<td>5 miles<tr><td>The Anvil<td align=right>6 s
<td align=right>84 s<td>7 miles</table>
<p>The timetable was kept by hand:</p>
<pre><code class="language-python">while fog:
    horn.blow(seconds=4)
    sleep(56)          # the clerk's silence
</code></pre>""",
        ("lighthouse", "sound"),
        (
            Remark(1, "Bob", -25 * HOUR, "<p>The Anvil is really six? I always counted five.</p>"),
            Remark(2, "Marta Quill", -24 * HOUR, "<p>You counted from the echo.</p>", 1),
            Remark(3, "Dee", -22 * HOUR, "<p>I grew up under Two Sisters. I still wake up every twenty seconds.</p>"),
        ),
    ),
    Post(
        "keepers-soup",
        "Keeper’s soup, for one storm",
        "Marta Quill",
        -4 * DAY,
        """<ol><li>Put on the big pot before the barometer tells you to.<li>Whatever is in the cellar:
<ol type="a"><li>potatoes,<li>the smoked end of anything,<li>an onion to argue with.</ol>
<li>Do not leave the stove. The storm can look after itself.</ol><p>Keeps three days. So do storms.</p>""",
        ("kitchen",),
        (Remark(4, "Ann", -3 * DAY, "<p>Made it. There was no storm, but now we are ready.</p>"),),
    ),
    Post(
        "first-night",
        "Notes from the first dark night",
        "Marta Quill",
        45,
        "<p>It is out. I sat on the stairs with the kettle and counted ships by their engines: four, and one dog. "
        "Tomorrow they come for the lens.</p>",
        ("lighthouse",),
        (Remark(15, "Bob", 70, "<p>Count me as the fifth. I was on the pier.</p>"),),
    ),
)

WORKBENCH = (
    Post(
        "small-tools",
        "Small tools outlive large ones",
        "Ines Park",
        -5 * HOUR,
        """<p>In the drawer: a marking knife from 1962, a square I made at school, a laser level that no longer finds
its server. Guess which one I reached for this morning.</p><p>A tool lives as long as the <em>smallest</em> thing it depends
on. The knife depends on a stone.</p><dl><dt>Marking knife<dd>One bevel, kept flat. Never lend it.<dt>Try square<dd>True
once a year; check it against itself.</dl>""",
        ("tools",),
        (
            Remark(1, "otto", -4 * HOUR, "<p>The stone depends on water, though.</p>"),
            Remark(2, "Ines Park", -230 * MINUTE, "<p>And on an argument about which side is up.</p>", 1),
            Remark(
                3, "lena", -200 * MINUTE, "<p>My square is off by a hair and I have stopped checking. Am I happy?</p>"
            ),
            Remark(4, "otto", -190 * MINUTE, "<p>Your joints are. Your drawers are not.</p>", 3),
            Remark(5, "lena", 30, "<p>I have checked. It was the bench.</p>", 4),
        ),
    ),
    Post(
        "hinge",
        "A hinge, drawn in text",
        "Ines Park",
        -2 * DAY,
        """<p>A folded box joint, for when the plans must fit into a mail:</p><pre>
   ┌───┬───┬───┐
   │ ▒ │   │ ▒ │      ▒ stays
   └─┐ ├───┤ ┌─┘      □ swings
     └─┘   └─┘
</pre><p>Measure in <ruby>寸<rt>sun</rt></ruby> if your grandfather did. 日本の道具は、引いて切ります。だから、鋸の刃は薄いのです。</p>
<p dir="rtl">والمنشار الذي يُسحب أدقّ من المنشار الذي يُدفع.</p><p>H<sub>2</sub>O rusts both.<sup>1</sup></p>""",
        ("drawing", "joints"),
    ),
)

TIDES = (
    Post("spring", "Spring tide on Thursday, 4.9 m", "Harbour office", -9 * HOUR, "High water 06:12. Move your car."),
    Post("buoy", "Buoy 7 is adrift", "Harbour office", -30 * HOUR, "Last seen off the Anvil, heading for adventure."),
    Post("buoy-found", "Buoy 7 has been found", "Harbour office", 75, "It was in the bakery car park. Thank you, Dee."),
)

CLASSIFIEDS = (
    Post("anchor", "Anchor, hardly dropped", "", -6 * HOUR, "One owner. Comes with forty metres of reasons."),
    Post("ladder", "Wanted: a ladder that reaches the lamp", "", -3 * DAY, "Will trade for soup."),
)
CLASSIFIEDS_END = 50
"""From then on this feed answers with a web page."""

SHELF = (
    Post(
        "index",
        "In praise of the index",
        "The Reading Room",
        -11 * HOUR,
        "<p>The last pages of a book are its memory. Read them first and you know what it will not forget.</p>",
        ("books",),
    ),
    Post(
        "margins",
        "Margins: <em>who</em> wrote this?",
        "The Reading Room",
        -3 * DAY,
        "<p>Found in a returned atlas, in pencil: <q>not there any more</q>.</p>",
        ("books", "pencil"),
    ),
)

RADIO = (
    Post(
        "episode-12",
        "Twelve: The ferry captain’s whistle",
        "Radio Two Sisters",
        -20 * HOUR,
        "<p>She can call three dogs and one island. Recorded on the 6:40.</p>",
        ("podcast",),
        audio="/radio/12.mp3",
    ),
    Post(
        "episode-11",
        "Eleven: A quarter of an hour of rain",
        "Radio Two Sisters",
        -8 * DAY,
        "<p>On slate, on tin, on canvas, on Ines.</p>",
        ("podcast",),
        audio="/radio/11.mp3",
    ),
)

OBSERVATORY = (
    Post(
        "comet",
        "[/red] C++ [draft] and other titles that mean nothing bad",
        "The night shift",
        -7 * HOUR,
        "<p>We name files as we find them. The telescope does not mind, and neither should your reader.</p>",
        ("sky",),
    ),
    Post(
        "nova",
        "\x1b]0;not your title\x07\x1b[31mA star that tried to paint your terminal\x1b[0m",
        "The night shift\u202e",
        -50 * HOUR,
        "<p>This entry’s title carries escape sequences. If all you see is words, they were taken out.</p>",
        ("sky",),
    ),
)
