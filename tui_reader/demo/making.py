"""The blogs of the folder Making: a joiner's workbench, a library, and small advertisements."""

from __future__ import annotations

from tui_reader.demo.content import DAY, HOUR, MINUTE, Blog, Post, Remark

_JOINER = "Ines Park"

_TOOLS = Post(
    3,
    "small-tools",
    "Small tools outlive large ones",
    _JOINER,
    -5 * HOUR,
    """<p>In the drawer: a marking knife from 1962, a square I made at school, a laser level that no longer finds
its server. Guess which one I reached for this morning.</p>
<p>A tool lives as long as the <em>smallest</em> thing it depends on. The knife depends on a stone. The level depends on
a company, an aerial, a password, and a cable that only fits one way and never that one.</p>
<dl><dt>Marking knife<dd>One bevel, kept flat. Never lend it.<dt>Try square<dd>True once a year; check it against
itself: draw a line, turn it over, draw it again.<dt>Spanner, 42 mm<dd>Lives at <a href="/lighthouse/the-lamp/">the
lighthouse</a>. Comes home for repairs.</dl>""",
    ("tools",),
    (
        Remark(4, "otto", -4 * HOUR, "<p>The stone depends on water, though.</p>"),
        Remark(5, _JOINER, -230 * MINUTE, "<p>And on an argument about which side is up.</p>", 4),
        Remark(6, "lena", -200 * MINUTE, "<p>My square is off by a hair and I have stopped checking. Am I happy?</p>"),
        Remark(7, "otto", -190 * MINUTE, "<p>Your joints are. Your drawers are not.</p>", 6),
        Remark(8, "lena", 84, "<p>I have checked. It was the bench.</p>", 7),
    ),
)

_HINGE = Post(
    2,
    "hinge",
    "A hinge, drawn in text",
    _JOINER,
    -2 * DAY,
    """<p>A folded box joint, for when the plans must fit into a letter:</p><pre>
   ┌───┬───┬───┐
   │ ▒ │   │ ▒ │      ▒ stays
   └─┐ ├───┤ ┌─┘      □ swings
     └─┘   └─┘
</pre><p>Measure in <ruby>寸<rt>sun</rt></ruby> if your grandfather did.
日本の道具は、引いて切ります。だから、鋸の刃は薄いのです。</p>
<p>A saw that is pulled can be thin, because it is never asked to be brave.</p>""",
    ("drawing", "joints"),
    (Remark(3, "Marta Quill", -40 * HOUR, "<p>Would it hold a door that the sea leans on?</p>"),),
)

_EDGE = Post(
    1,
    "edge",
    "Sharp is a place, not a thing",
    _JOINER,
    -6 * DAY,
    """<p>Two surfaces meet and there is nothing between them: that is all sharp means. You cannot add it. You can only
take away whatever is in the way.</p><ol start="3"><li>the wire,<li>the patience you thought you had,<li>the wire
again.</ol><p>Steps one and two are looking for your glasses.</p>""",
    ("tools", "sharpening"),
    (
        Remark(1, "lena", -5 * DAY, "<p>Steps one and two are also steps six to nine.</p>"),
        Remark(2, "otto", -4 * DAY, "<p>They were on the bench.</p>", 1),
    ),
)

_OFFCUTS = Post(
    4,
    "offcuts",
    "A box for the lens",
    _JOINER,
    143,
    """<p>They came with foam and a van. I have sent them away until Thursday. Something that has floated for ninety
years should travel in <strong>wood</strong>, on felt, with its name on the lid.</p>""",
    ("joints", "lighthouse"),
    (Remark(9, "otto", 226, "<p>Dovetails?</p>"),),
)

WORKBENCH = Blog(
    "workbench",
    "Workbench",
    "Wood, mostly",
    "Making",
    "/workbench/atom.xml",
    "atom",
    (_TOOLS, _HINGE, _EDGE, _OFFCUTS),
)

_LIBRARY = "The Reading Room"

SHELF = Blog(
    "shelf",
    _LIBRARY,
    "A library, thinking",
    "Making",
    "/shelf/index.rdf",
    "rdf",
    (
        Post(
            3,
            "index",
            "In praise of the index",
            _LIBRARY,
            -11 * HOUR,
            "<p>The last pages of a book are its memory. Read them first and you know what it will not forget: in our "
            "history of the harbour, <i>herring</i> has forty entries and <i>love</i> has one, see <i>herring</i>.</p>",
        ),
        Post(
            2,
            "margins",
            "Margins: <em>who</em> wrote this?",
            _LIBRARY,
            -3 * DAY,
            "<p>Found in a returned atlas, in pencil, beside an island: <q>not there any more</q>. Beneath it, in ink: "
            "<q>yes I am</q>.</p>",
        ),
        Post(
            1,
            "overdue",
            "Overdue since 1954",
            _LIBRARY,
            -12 * DAY,
            "<p>A cookery book came back in the post, with a cheque for the fine and a pressed leaf at soups. We have "
            "kept the leaf.</p>",
        ),
    ),
)

CLASSIFIEDS = Blog(
    "classifieds",
    "Harbour Classifieds",
    "Bought, sold, found, lost",
    "Making",
    "/classifieds/ads.rss",
    "rss",
    (
        Post(3, "anchor", "Anchor, hardly dropped", "", -6 * HOUR, "One owner. Comes with forty metres of reasons."),
        Post(2, "ladder", "Wanted: a ladder that reaches the lamp", "", -3 * DAY, "Will trade for soup."),
        Post(1, "cello", "Cello, slightly climbed", "", -10 * DAY, "196 steps, one careful owner."),
    ),
    ends=58,
)
