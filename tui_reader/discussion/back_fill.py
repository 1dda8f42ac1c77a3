"""Comments that a window no longer shows: the source's older pages, then each step of its ladder. On request only."""

from __future__ import annotations

from tui_reader import text
from tui_reader.discussion.run import MOST_FOLLOWED, Looked, Looker, Reading, about, source_of
from tui_reader.model import ThreadUpdate, Watched
from tui_reader.net.fetch import Failed
from tui_reader.refresh import due
from tui_reader.sources.source import About, Step
from tui_reader.store import comments


async def back_fill(looker: Looker, subject: Watched) -> Looked:
    """Fetch what was missed, until there is nothing more to be had. What is held already stays as it is."""
    ports, one = looker.ports, subject.discussion
    if one.held and one.gap_at is None and (one.complete or (one.declared is not None and not one.unseen)):
        return Looked(message=f"nothing is missing ({text.plural(one.held, 'comment')})")
    verdict = due.verdict(one.poll, ports.clock(), forced=True)
    if isinstance(verdict, due.Waiting):
        return Looked(message=verdict.reason, failed=True, until=verdict.until)
    source = source_of(one.kind)
    own = (Step(source.kind, address) for address in source.addresses(one.url)[:1])
    new, message = 0, "the site offers no older comments"
    for step in (*own, *source.more(about(subject, {}))):
        held = await ports.engine.read(comments.authors, one.id)
        reading = await _older(looker, subject, step, about(subject, held))
        if reading.found is None:
            message = reading.outcome.reason if isinstance(reading.outcome, Failed) else message
            continue
        came = await _fill(looker, subject, reading, held)
        new += came
        if reading.complete or (one.declared and len(held) + came >= one.declared):
            break
    return Looked(asked=True, new=new, message="" if new else message, failed=not new)


async def _older(looker: Looker, subject: Watched, step: Step, about: About) -> Reading:
    """What a step leads to, page after page, as long as one brings what the others did not."""
    source = source_of(step.kind)
    first = await looker.read(source, await looker.fetch(subject, step.url, source), about)
    reading = await looker.follow(subject, source, first, about)
    for _ in range(MOST_FOLLOWED):
        if not reading.older:
            break
        page = await looker.read(source, await looker.fetch(subject, reading.older[0], source), about)
        if not page.comments.keys() - reading.comments.keys():
            break
        reading.comments |= page.comments
        reading.older = page.older
        reading.complete = page.complete or not page.older
    return reading


async def _fill(looker: Looker, subject: Watched, reading: Reading, held: dict[str, str]) -> int:
    ports, one = looker.ports, subject.discussion
    there = len(held.keys() | reading.comments.keys())
    complete = reading.complete or bool(one.declared and there >= one.declared)
    update = ThreadUpdate(
        one.id,
        tuple(reading.comments.values()),
        declared=reading.found.declared if reading.found else None,
        complete=complete,
        gap_at=None if complete else one.gap_at,
        fill=True,
    )
    change = await ports.engine.write(comments.save, update, now=ports.clock())
    ports.on_change(change)
    return change.new_comments
