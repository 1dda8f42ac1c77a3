"""From the few colours of a palette to everything a theme says, each text readable on each ground it can stand on.

Contrast is WCAG 2's ratio of luminances, 1 to 21. A text colour that is too weak on one of its grounds is moved towards
white (in a dark theme) or black until it is not, so a palette cannot make an unreadable theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct, field
from textual.theme import Theme

Rgb = tuple[int, int, int]

GROUNDS = ("background", "surface", "panel", "cursor", "cursor-blurred", "code-background")
"""What text stands on."""
DIM_LEAST = 3.0
"""The contrast of what waits and of the levels of a thread, on every ground; on the background it is `LEAST`."""
LEAST = 4.5
"""The contrast of text, unless a palette asks for more."""
TOLD_APART = 1.12
"""The contrast between the line under the cursor and the background from which on it is seen."""
_STEPS = 20


class Palette(Struct, frozen=True):
    """A theme in a dozen colours, `#rrggbb`: two grounds of text, one accent, the colour of news, and six hues.

    Whether it is dark follows from the background. `own` says variables exactly where the derived ones are not wanted;
    `least` is the contrast its text has everywhere.
    """

    name: str
    background: str
    text: str
    dim: str
    accent: str
    news: str
    red: str
    green: str
    cyan: str
    purple: str
    orange: str
    pink: str
    own: Mapping[str, str] = field(default_factory=dict)
    least: float = LEAST

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return luminance(rgb(self.background)) < luminance(rgb(self.text))


def theme(palette: Palette, *, of_256: bool = False) -> Theme:
    """The theme a palette makes; with `of_256` in the 256 colours that terminals share."""
    among = shared() if of_256 else ()
    ground = _grounds(palette, among)
    dark, every = palette.dark, [rgb(colour) for colour in ground.values()]
    low = max(DIM_LEAST, palette.least * DIM_LEAST / LEAST)
    text = partial(_readable, grounds=every, least=palette.least, dark=dark, among=among)
    dim = partial(_readable, grounds=every, least=low, dark=dark, among=among)
    muted = _readable(dim(palette.dim), every[:2], palette.least, dark, among)
    accent, red, green, orange = text(palette.accent), text(palette.red), text(palette.green), text(palette.orange)
    cyan, foreground = text(palette.cyan), text(palette.text)
    told = {
        "news": text(palette.news),
        "muted": muted,
        "frame": mixed(palette.background, palette.text, 0.2),
        "code-keyword": text(palette.purple),
        "code-string": green,
        "code-literal": orange,
        "code-name": cyan,
        "quote": text(mixed(palette.text, palette.dim, 0.4)),
        "link": cyan,
        "depth-1": dim(palette.accent),
        "depth-2": dim(palette.green),
        "depth-3": dim(palette.purple),
        "depth-4": dim(palette.pink),
        "depth-5": dim(palette.cyan),
        "text-muted": muted,
        "text-error": red,
        "text-success": green,
        "text-warning": orange,
        "warning": text(mixed(palette.orange, palette.text, 0.3)),
        "block-cursor-background": ground["cursor"],
        "block-cursor-foreground": foreground,
        "input-cursor-background": foreground,
        "input-cursor-foreground": ground["background"],
        "screen-selection-background": ground["cursor"],
        "screen-selection-foreground": foreground,
    }
    own = {name: _nearest(rgb(colour), among) if among else colour for name, colour in palette.own.items()}
    return Theme(
        name=palette.name,
        primary=accent,
        secondary=green,
        accent=accent,
        warning=orange,
        error=red,
        success=green,
        foreground=foreground,
        background=ground["background"],
        surface=ground["surface"],
        panel=ground["panel"],
        dark=dark,
        variables={**told, **own, **ground},
    )


def _grounds(palette: Palette, among: Sequence[Rgb]) -> dict[str, str]:
    base, over = palette.background, palette.text
    wanted = {
        "background": base,
        "surface": mixed(base, over, 0.04),
        "panel": mixed(base, over, 0.09),
        "cursor": mixed(base, palette.accent, 0.22 if palette.dark else 0.16),
        "cursor-blurred": mixed(base, over, 0.07),
        "code-background": mixed(base, over, 0.05),
    }
    wanted |= {name: colour for name, colour in palette.own.items() if name in wanted}
    if not among:
        return wanted
    made = {name: _nearest(rgb(colour), among) for name, colour in wanted.items()}
    seen = [one for one in among if contrast(one, rgb(made["background"])) >= TOLD_APART]
    for name in ("cursor", "cursor-blurred"):
        made[name] = _nearest(rgb(wanted[name]), seen)
        seen.remove(rgb(made[name]))
    return made


# ---------------------------------------------------------------- contrast


def rgb(colour: str) -> Rgb:
    """`#rrggbb` as numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(colour: Rgb) -> str:
    """Numbers as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Rgb) -> float:
    """WCAG 2's relative luminance, 0 to 1."""
    red, green, blue = (
        share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4
        for share in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG 2's contrast ratio, 1 to 21."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two, `share` of the way from the first."""
    return written(_between(rgb(one), rgb(other), share))


def _between(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _readable(colour: str, grounds: Iterable[Rgb], least: float, dark: bool, among: Sequence[Rgb] = ()) -> str:
    """The colour, or the nearest of its hue towards white or black that is readable on all of these grounds; only one
    of `among` where there are any."""
    worst = (max if dark else min)(grounds, key=luminance)
    if among:
        good = [one for one in among if contrast(one, worst) >= least and (luminance(one) > luminance(worst)) == dark]
        return _nearest(rgb(_readable(colour, (worst,), least, dark)), good or [(255, 255, 255) if dark else (0, 0, 0)])
    begun, end = rgb(colour), (255, 255, 255) if dark else (0, 0, 0)
    for step in range(_STEPS + 1):
        made = _between(begun, end, step / _STEPS)
        if contrast(made, worst) >= least:
            return written(made)
    return written(end)


# ---------------------------------------------------------------- fewer colours


def shared() -> tuple[Rgb, ...]:
    """The 240 colours that all terminals of 256 colours share (xterm's cube and its greys). The greys are given as
    Rich writes them: it takes every colour of little saturation for a grey, at 25 even steps from black to white."""
    levels = (0, 95, 135, 175, 215, 255)
    cube = [(red, green, blue) for red in levels for green in levels for blue in levels if not red == green == blue]
    greys = [(value, value, value) for value in (round(step * 255 / 25) for step in range(26))]
    return (*cube, *greys)


def _nearest(colour: Rgb, among: Sequence[Rgb]) -> str:
    return written(min(among, key=lambda one: sum((a - b) ** 2 for a, b in zip(one, colour, strict=True))))
