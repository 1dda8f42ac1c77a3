"""The blogs of the folder Coast: a lighthouse keeper's, a harbour office's notices, a radio station's recordings."""

from __future__ import annotations

from tui_reader.demo.content import DAY, HOUR, MINUTE, Blog, Post, Remark

_KEEPER = "Marta Quill"

_LAMP = Post(
    105,
    "the-lamp",
    "The lamp that would not go out",
    _KEEPER,
    -2 * HOUR,
    """<p>When the coast guard switched the old lighthouse off, nobody had told <em>the lamp</em>. It is two tonnes of
glass on a bath of mercury with ninety years of habit, and on the first dark evening it simply went on turning. I
climbed up with a torch and <a href="/lighthouse/visitors-book/">the visitors’ book</a> to see why.</p>
<h2>What I found</h2>
<p>The drive is a falling weight, like a grandfather clock’s. Switching off the mains had stopped the <code>winding
motor</code>, not the clock. So the weight was still on its way down, and with it came</p>
<ul><li>eleven hours of rotation,<li>a very faint glow from the <strong>emergency</strong> filament,<li>and one
worried telephone call from a trawler.</ul>
<blockquote><p>“It blinks slower than usual,” said the skipper. “Like somebody who is thinking.”</p></blockquote>
<p>I let it run down. It stopped at ten past five, facing the sea.</p>
<figure><img src="/pictures/lens.svg" alt="A tall lens, and behind it a grey morning">
<figcaption>The lens at dawn, ten past five</figcaption></figure>
<p>Bob’s letters of 1978 describe the weight, with drawings; <a href="/workbench/small-tools/">Ines</a> has the spanner
for it. The short film below shows it wound by hand, which takes forty minutes and one song.</p>
<p><iframe src="https://video.example/embed/winding" title="Winding the lamp"></iframe></p>""",
    ("lighthouse", "clockwork"),
    (
        Remark(16, "Ann", -110 * MINUTE, "<p>The slow blink is the loveliest thing I have read all week.</p>"),
        Remark(17, "Bob", -100 * MINUTE, "<p>Which oil is in the bearings? Ours seized after a single winter.</p>"),
        Remark(
            18,
            _KEEPER,
            -92 * MINUTE,
            "<p>None at all. The lens floats: a child can turn two tonnes with <em>one finger</em>. That is why it "
            "never stops.</p>",
            17,
        ),
        Remark(19, "Bob", -80 * MINUTE, "<p>One finger! I have been greasing ours with regret.</p>", 18),
        Remark(
            20,
            "Dee",
            -75 * MINUTE,
            "<p>We saw it from Two Sisters. My mother sets the kitchen clock by it, so dinner was late and nobody "
            "complained.</p>",
        ),
        Remark(21, _KEEPER, -60 * MINUTE, "<p>Please tell her it was slow by four seconds in the minute.</p>", 20),
        Remark(22, "Dee", -45 * MINUTE, "<p>She says dinner has never been timed better.</p>", 21),
        Remark(
            23,
            "Henk",
            -30 * MINUTE,
            "<p>For anyone doing the sum: the weight falls 21 m, so</p><pre><code>power = m * g * h / t\n"
            "      = 140 * 9.81 * 21 / 39600    # about 0.7 W</code></pre><p>The whole coast, for less than a "
            '<a href="https://example.org/bicycle-lamp">bicycle lamp</a>.</p>',
        ),
        Remark(24, "Cid", 12, "<p>And why nobody is allowed to keep one. Ours was drained in 1984.</p>", 19),
        Remark(
            25,
            "Jürgen",
            31,
            "<p>Bei uns auf der Insel auch. Die Linse steht jetzt im Rathaus, und jeden Abend um fünf dreht sie jemand "
            "einmal herum. Niemand gibt es zu.</p>",
            24,
        ),
        Remark(29, "Ann", 122, "<p>Does the trawler know it was famous for one night?</p>", 16),
        Remark(30, _KEEPER, 160, "<p>The skipper has asked for a print of the photograph.</p>", 29),
        Remark(
            32,
            "Skipper, M/V Anneke",
            246,
            "<p>It hangs over the chart table. We steer by the other one now, but we look at this one.</p>",
            30,
        ),
    ),
)

_FOG = Post(
    104,
    "fog-signal",
    "A fog signal is a letter addressed to everyone",
    _KEEPER,
    -26 * HOUR,
    """<p>Four seconds on, fifty-six seconds off. Ships do not hear a <em>sound</em>, they hear a <em>name</em>: the
pattern says which rock is talking. Ours was given out in 1911 by a clerk who, I am told, was fond of silence.</p>
<table><tr><th>Station<th>On<th>Off<th>Heard at<tr><td>Gull Rock<td align=right>4 s<td align=right>56 s<td>3 miles
<tr><td>Two Sisters<td align=right>2 s<td align=right>18 s<td>5 miles<tr><td>The Anvil<td align=right>6 s
<td align=right>84 s<td>7 miles</table>
<p>Before the timer there was a keeper and a watch. The orders on the wall still say, more or less:</p>
<pre><code class="language-python">while fog:
    horn.blow(seconds=4)
    sleep(56)          # the clerk's silence
</code></pre>
<p>What the orders do not say is that one learns to sleep in pieces of fifty-six seconds, and that one wakes up when
the horn <em>stops</em>.</p>""",
    ("lighthouse", "sound"),
    (
        Remark(9, "Bob", -25 * HOUR, "<p>The Anvil is really six? I always counted five.</p>"),
        Remark(10, _KEEPER, -24 * HOUR, "<p>You counted from the echo.</p>", 9),
        Remark(11, "Dee", -22 * HOUR, "<p>I grew up under Two Sisters. I still wake up every twenty seconds.</p>"),
        Remark(12, "Cid", -21 * HOUR, "<p>And do you go back to sleep?</p>", 11),
        Remark(13, "Dee", -20 * HOUR, "<p>On the eighteenth.</p>", 12),
        Remark(14, "otto", -9 * HOUR, "<p>Sleeping in pieces of fifty-six seconds: that is called a workshop.</p>"),
        Remark(15, "Ines Park", -8 * HOUR, "<p>I heard that, otto.</p>", 14),
    ),
)

_BOOK = Post(
    103,
    "visitors-book",
    "The visitors’ book, 1911 to now",
    _KEEPER,
    -3 * DAY,
    """<p>There is one rule in the lantern room: whoever climbs the 196 steps writes a line<sup><a href="#fn1"
id="r1">1</a></sup>. I have copied out the ones I like best, for the winter.</p>
<h2>The early years</h2>
<blockquote><p>“Wind. More wind. The inspector was sick and has approved everything.”</p>
<blockquote><p>Beneath it, in another hand: <em>I was not sick.</em></p></blockquote></blockquote>
<h2>From far away</h2>
<p lang="ja">灯台の光は、帰る道を知っている。百年後にまた来ます。その時も、どうぞ回っていてください。</p>
<p dir="rtl" lang="ar">رأيتُ الضوءَ من السفينة قبل أن أرى اليابسة، فعرفتُ أنني وصلت.</p>
<p>The first is from <ruby>横浜<rt>Yokohama</rt></ruby>, 1987, and promises to come back in a hundred years. The second
says: <q>I saw the light from the ship before I saw the land, and knew that I had arrived.</q></p>
<h2>What people climb with</h2>
<ol>
<li>Things they need
  <ul><li>a torch<li>water, H<sub>2</sub>O, not the other kind
    <ul><li>the other kind (see 1932)</ul></ul>
<li>Things they do not
  <ol type="a"><li>a dog, twice<li>a cello, once</ol>
<li>Nothing at all, and then they sit down on step 140.
</ol>
<table><caption>Visitors by decade</caption>
<tr><th>Decade<th>Visitors<th>Remarks about the wind
<tr><td>1911–1919<td align=right>212<td align=right>198
<tr><td>1950–1959<td align=right>1,904<td align=right>1,120
<tr><td>2010–2019<td align=right>11,385<td align=right>9</table>
<p>The cello has its own page, and a recording.</p>
<figure><img src="/pictures/cello.svg" alt="A cello case on a spiral stair">
<figcaption>Step 88, where the case had to be turned</figcaption></figure>
<p><audio controls src="/sounds/horn.wav"></audio></p>
<p>To look a visitor up, the index of 1963 still works:</p>
<pre><code>grep -i "cello" visitors/*.txt | sort -k2
</code></pre>
<hr>
<dl><dt>Lantern room<dd>Where the lamp lives. Shoes off.<dt>Watch room<dd>Where the keeper lives. Kettle on.</dl>
<p id="fn1"><small>1. Since 1954 a second rule: <del>no dogs</del> <ins>no cellos</ins>.
<a href="#r1">↩</a></small></p>""",
    ("lighthouse", "people"),
    (
        Remark(
            5,
            "Yuki",
            -70 * HOUR,
            "<p>1987 was my grandfather. 祖父はいつもこの灯台の話をしていました。 "
            "He would be so glad that you kept it.</p>",
        ),
        Remark(6, _KEEPER, -69 * HOUR, "<p>Then you are expected in 2087. I will leave the key under the pot.</p>", 5),
        Remark(7, "Yuki", -50 * HOUR, "<p>Somebody will come. We are a punctual family.</p>", 6),
        Remark(8, "Bob", -48 * HOUR, "<p>I was the second dog’s owner. I would like it noted that he liked it.</p>"),
    ),
)

_SOUP = Post(
    102,
    "keepers-soup",
    "Keeper’s soup, for one storm",
    _KEEPER,
    -4 * DAY,
    """<ol><li>Put on the big pot before the barometer tells you to.<li>Whatever is in the cellar:
<ol type="a"><li>potatoes,<li>the smoked end of anything,<li>an onion to argue with.</ol>
<li>Do not leave the stove. The storm can look after itself.</ol><p>Keeps three days. So do storms.</p>""",
    ("kitchen",),
    (
        Remark(3, "Ann", -80 * HOUR, "<p>Made it. There was no storm, but now we are ready.</p>"),
        Remark(4, "Ines Park", -79 * HOUR, "<p>Made it without the onion. Argued anyway.</p>", 3),
    ),
)

_PAINT = Post(
    101,
    "eleven-whites",
    "Eleven coats of white",
    _KEEPER,
    -9 * DAY,
    """<p>I scraped a window frame down to the wood and found eleven whites, one for every keeper. Mine is the twelfth
and already the dirtiest. You would think that white is white, but the third is nearly yellow (he smoked), the seventh
is blue in the shade, and the ninth has a hair in it.</p>
<p>I have left a hand’s breadth unpainted, inside, low down, where only somebody who kneels will see it.</p>""",
    ("lighthouse", "paint"),
    (
        Remark(1, "Dee", -8 * DAY, "<p>The ninth keeper had a cat called Barometer. That will be the hair.</p>"),
        Remark(2, _KEEPER, -7 * DAY, "<p>I am leaving that one in.</p>", 1),
    ),
)

_DARK = Post(
    106,
    "first-night",
    "Notes from the first dark night",
    _KEEPER,
    48,
    """<p>It is out. I sat on the stairs with the kettle and counted ships by their engines: four, and one dog.
Tomorrow they come for the lens.</p>
<p>What nobody tells you is how many stars the lamp had been keeping to itself.</p>""",
    ("lighthouse",),
    (
        Remark(28, "Bob", 66, "<p>Count me as the fifth. I was on the pier.</p>"),
        Remark(31, _KEEPER, 204, "<p>That was you, whistling?</p>", 28),
    ),
)

LIGHTHOUSE = Blog(
    "lighthouse",
    "The Gull Rock Log",
    "A keeper, a rock, a lamp",
    "Coast",
    "/lighthouse/feed/",
    "wordpress",
    (_LAMP, _FOG, _BOOK, _SOUP, _PAINT, _DARK),
)

_OFFICE = "Harbour office"

HARBOUR = Blog(
    "harbour",
    "Harbour Office",
    "Tides and other news",
    "Coast",
    "/harbour/notices.rss",
    "rss092",
    (
        Post(1, "spring", "Spring tide on Thursday, 4.9 m", _OFFICE, -9 * HOUR, "High water 06:12. Move your car."),
        Post(2, "buoy", "Buoy 7 is adrift", _OFFICE, -30 * HOUR, "Last seen off the Anvil, heading for adventure."),
        Post(
            3,
            "gulls",
            "Gulls & chips: a reminder",
            _OFFICE,
            -5 * DAY,
            "They can read the opening hours. Please eat indoors between 12 and 2.",
        ),
        Post(
            4, "found", "Buoy 7 has been found", _OFFICE, 104, "It was in the bakery car park. Thank you, Dee."
        ),
    ),
)  # fmt: skip

_STATION = "Radio Two Sisters"

RADIO = Blog(
    "radio",
    _STATION,
    "Twelve minutes of the coast, every other week",
    "Coast",
    "/radio/episodes.rss",
    "podcast",
    (
        Post(
            12,
            "the-whistle",
            "Twelve: The ferry captain’s whistle",
            _STATION,
            -20 * HOUR,
            "<p>She can call three dogs and one island. Recorded on the 6:40, with the door open.</p>"
            "<p>00:00 Casting off<br>03:10 The first dog<br>07:45 The island answers</p>",
            ("podcast",),
            sound="whistle",
        ),
        Post(
            11,
            "rain",
            "Eleven: A quarter of an hour of rain",
            _STATION,
            -8 * DAY,
            "<p>On slate, on tin, on canvas, on Ines. No talking, apart from Ines.</p>",
            ("podcast",),
            sound="rain",
        ),
        Post(
            10,
            "the-horn",
            "Ten: Four seconds on",
            _STATION,
            -22 * DAY,
            "<p>The fog signal of Gull Rock, recorded from inside the horn by a person who has since recovered.</p>",
            ("podcast",),
            sound="horn",
        ),
        Post(
            13,
            "not-turning",
            "Thirteen: The sound of a lamp not turning",
            _STATION,
            182,
            "<p>It is quieter than you think, and then it is not.</p>",
            ("podcast",),
            sound="horn",
        ),
    ),
)
