"""When a watched discussion is looked at again. Pure.

A discussion is busy while its post is young, and every feed of comments is a window that moves on: the pace slows with
the post's age and with every answer that brought nothing, and speeds up when much of a window was news, since what
leaves it before the next look is lost.
"""

from __future__ import annotations

HOUR, DAY = 3600, 86400

SOONEST, LATEST = 15 * 60, DAY
"""Seconds between two looks at least and at most."""
BY_AGE = ((6 * HOUR, 30 * 60), (DAY, HOUR), (3 * DAY, 3 * HOUR), (14 * DAY, 12 * HOUR))
"""(age of the post, seconds between looks) while it is younger than that; `LATEST` afterwards."""
MOST_QUIET = 6
"""Quiet answers in a row that make the pause longer, each by `CALM`."""
CALM = 1.4


def pause(*, age: int, quiet: int, new: int, window: int) -> tuple[int, str]:
    """Seconds until the next look, and why so.

    `age` is the post's in seconds, `quiet` the number of answers in a row that brought nothing (0 at a first look,
    which cannot tell yet how fast it moves), `new` what the last one brought, `window` how many comments the source
    shows, 0 for all. The factors were chosen by simulation: `benchmarks/watching.py`.
    """
    usual = next((wait for limit, wait in BY_AGE if age < limit), LATEST)
    if window and new * 2 >= window:
        wait, why = usual * 0.25, "it moves fast"
    elif new:
        wait, why = usual * 0.6, "people are writing"
    elif quiet:
        wait, why = usual * CALM ** min(quiet, MOST_QUIET), "it is quiet"
    else:
        wait, why = usual * 0.25, "to see how fast it moves"
    return max(SOONEST, min(int(wait), LATEST)), why
