"""Y: the 24 rules of the polite client, read off the log of a fortnight of requests."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.fortnight import CONTACT, DAYS, ODD, TICK, Fortnight, moment, span
from tests.faults.report import Figures
from tests.faults.world import DAY, HOUR
from tests.site import Site

RULES = tuple(f"Y{n:02}" for n in range(1, 25))
GOOD = ("/lively", "/quiet", "/weak", "/same-second", "/touched", "/by-date", "/max-age", "/expires", "/ttl", "/hours",
        "/days", "/flaky", ODD)  # fmt: skip
"""Those that can be asked conditionally all the time."""
Rule = tuple[str, bool, str]


@pytest.mark.row(*RULES)
@pytest.mark.timeout(300)
async def test_fourteen_days(site: Site, tmp_path: Path, figures: Figures) -> None:
    run = Fortnight(site, tmp_path / "library.db")
    await run.run()
    told = {rule: (kept, evidence) for rule, kept, evidence in _judged(run)}
    assert tuple(sorted(told)) == RULES
    for rule in RULES:
        figures.rule(rule, *told[rule])
    figures.add("unconditional", len(_unconditional(run)))
    feeds = len({one.path for one in run.log} - {"/page", "/no-feed"})
    figures.add("bytes", run.bytes() / feeds / DAYS)
    assert {rule: evidence for rule, (kept, evidence) in told.items() if not kept} == {}


def _unconditional(run: Fortnight) -> list[str]:
    """Requests without a condition to an address that had issued something to ask by."""
    return [one.path for one, pair in run.held() if any(pair) and not one.asked.is_conditional]


def _judged(run: Fortnight) -> Iterator[Rule]:
    yield from _validators(run)
    yield from _times(run)
    yield from _requests(run)
    yield from _ends(run)


def _validators(run: Fortnight) -> Iterator[Rule]:
    pairs = [(one, pair) for one, pair in run.held() if any(pair)]
    sent = [(one.asked.header("if-none-match"), one.asked.header("if-modified-since"), pair) for one, pair in pairs]
    stamps = [(stamp, pair[1]) for _, stamp, pair in sent if pair[1]]
    yield "Y01", all(a == b for a, b in stamps), f"{len(stamps)} sent, all equal to what had come"
    etags = [(etag, pair[0]) for etag, _, pair in sent if pair[0]]
    weak = sum(b.startswith(b"W/") for _, b in etags if b)
    yield "Y02", all(a == b for a, b in etags), f"{len(etags)} sent, {weak} of them weak and unquoted, all equal"
    first = [one for one, pair in run.held() if not any(pair)]
    bare = [one for one in first if not one.asked.is_conditional]
    yield "Y03", len(bare) == len(first), f"{len(bare)} of {len(first)} requests to addresses that had issued nothing"
    both = [one for one in (*run.of("/touched"), *run.of("/same-second")) if one.answer.status == 200]
    whole = all((etag, stamp) == pair for etag, stamp, pair in sent)
    yield "Y04", whole and len(both) > 20, f"{len(both)} new pairs, each sent whole with the next request"
    missed = _unconditional(run)
    restarts = f"{len(run.restarts)} restarts, {len(missed)} unconditional requests after the first"
    yield "Y05", not missed and len(run.restarts) >= DAYS - 1, restarts
    after = []
    for path in ("/flaky", "/busy", "/busy-by-date", "/slow-down"):
        asked = run.of(path)
        after += [later for earlier, later in itertools.pairwise(asked) if earlier.answer.status >= 429]
    kept = [one for one in after if one.asked.header("if-none-match") == b'"g"']
    yield (
        "Y06",
        len(kept) == len(after) > 10,
        f"{len(kept)} of {len(after)} requests after a fault sent the stored pair",
    )
    claimed = {stamp for _, stamp, _ in sent if stamp}
    issued = {value for one in run.log if (value := one.sent("last-modified"))}
    yield "Y24", claimed <= issued, f"{len(claimed)} different times sent, every one of them the server's"


def _times(run: Fortnight) -> Iterator[Rule]:
    least = min(gap for path in GOOD for gap in run.gaps(path))
    daily = min(run.gaps("/bare"))
    yield "Y07", least >= HOUR and daily >= DAY, f"{span(least)} at least; {span(daily)} where nothing can be compared"
    late = []
    for path, wait in (("/busy", 5 * HOUR), ("/busy-by-date", 5 * HOUR)):
        asked = run.of(path)
        late += [b.at - a.at - wait for a, b in itertools.pairwise(asked) if a.answer.status in {429, 503}]
    yield "Y08", bool(late) and min(late) >= 0, f"{len(late)} waits of 5 hours, none cut short"
    slowing = [b.at - a.at for a, b in zip(run.of("/slow-down"), run.of("/slow-down")[1:], strict=False)
               if a.answer.status == 429]  # fmt: skip
    grows = slowing[0] < slowing[2] < slowing[4] and slowing[-1] >= DAY
    yield "Y09", grows, f"from {span(slowing[0])} to {span(slowing[-1])}"
    floors = {"/max-age": 6 * HOUR, "/expires": 8 * HOUR}
    gaps = {path: min(run.gaps(path)) for path in floors}
    told = f"{span(gaps['/max-age'])} at least for max-age 6:00, {span(gaps['/expires'])} for Expires 8:00"
    yield "Y10", all(gaps[path] >= floor for path, floor in floors.items()), told
    quiet = run.gaps("/quiet")
    yield "Y11", quiet[-1] >= 4 * quiet[0], f"from {span(quiet[0])} to {span(quiet[-1])} over a fortnight without news"
    hours = {moment(one.at).hour for one in run.of("/hours")[1:]}
    days = {moment(one.at).weekday() for one in run.of("/days")[1:]}
    kept = not hours & set(range(7)) and not days & {5, 6} and min(run.gaps("/ttl")) >= 10 * HOUR
    yield "Y12", kept, f"hours asked {min(hours)} to {max(hours)}, days {min(days)} to {max(days)}; ttl 10:00 kept"
    early = [one for one, pair in run.held() if one.at in run.restarts and any(pair) and not one.asked.is_conditional]
    wished = [one for one in run.log if one.wished]
    cheap = all(one.asked.is_conditional for one in wished) and len(wished) >= DAYS - 1
    yield "Y15", not early and cheap, f"{len(run.restarts)} restarts, {len(wished)} wishes: every request conditional"


def _requests(run: Fortnight) -> Iterator[Rule]:
    asked = [one.asked for one in run.log]
    most = max(run.site.most_at_once[host] for host in ("127.0.0.1", "localhost"))
    yield "Y13", most == 1, f"{most} at once on a host with {len({one.path for one in run.log})} addresses"
    begun = [one.path for one in run.log if one.at == run.log[0].at]
    once = len(begun) == len(set(begun))
    yield "Y14", once, f"{len(begun)} addresses asked while subscribing, each once; a page costs one more"
    yield "Y16", {one.method for one in asked} == {"GET"}, f"{len(asked)} requests, all GET"
    odd = {one.target for one in asked}
    known = {one.path for one in run.log}
    yield "Y17", odd == known, f"{len(odd)} different targets, each as it was written, {ODD} among them"
    names = {one.header("user-agent") or b"" for one in asked}
    fits = all(re.fullmatch(rb"tui-reader/\d\S* \(\+%s\)" % re.escape(CONTACT.encode()), name) for name in names)
    yield "Y18", fits, f"{b', '.join(names).decode('ascii', 'replace')} (the address is the setting `contact`)"
    crumbs = {name for one in asked for name in one.names & {"cookie", "referer"}}
    yield "Y19", not crumbs, f"none in {len(asked)} requests, though {len(run.of(ODD))} answers set two cookies"
    packed = {one.header("accept-encoding") for one in asked}
    yield "Y23", packed == {b"gzip"}, "on every request"


def _ends(run: Fortnight) -> Iterator[Rule]:
    yield (
        "Y20",
        run.words == "Come back on Monday" and len(run.of("/no-feed")) == 1,
        f"told: “{run.words}”; not asked again",
    )
    gone = [one for one in run.of("/gone") if one.answer.status == 410]
    missing = [b.at - a.at for a, b in zip(run.of("/missing"), run.of("/missing")[1:], strict=False)
               if a.answer.status == 404]  # fmt: skip
    kept = len(gone) == 1 and missing[0] < missing[-1] and missing[-1] >= DAY
    yield "Y21", kept, f"after 410: {len(gone) - 1}; after 404: from {span(missing[0])} to {span(missing[-1])}"
    moves = [one.at for one in run.of("/moved") if one.answer.status == 301]
    stayed = [one.at for one in run.of("/for-now") if one.answer.status == 302]
    direct = [one for one in run.of("/moved-here") if one.at > moves[-1]]
    kept = moves[-1] - moves[0] <= 9 * DAY and bool(direct) and run.log[-1].at - stayed[-1] <= 3 * DAY
    yield (
        "Y22",
        kept,
        (f"old address after {span(moves[-1] - moves[0])} of 301s: no more; the address of a 302 asked to the end"),
    )


assert TICK < HOUR  # the run's own step must not hide a gap that is too short
