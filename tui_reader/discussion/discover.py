"""Discussions that no feed names: what a page offers, and what other sites say of a link."""

from __future__ import annotations

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.discussion.run import Looked, Looker, about, source_of
from tui_reader.model import DiscussionRef, ParsedEntry, Watched
from tui_reader.net.fetch import Failed
from tui_reader.refresh import due
from tui_reader.sources.elsewhere import questions
from tui_reader.sources.registry import settled
from tui_reader.store import comments, discussions, tidy

NOTHING_FOR = 30 * 86_400
"""Seconds for which a host whose pages name no discussion is not asked by itself."""


async def on_page(looker: Looker, subject: Watched, *, forced: bool) -> tuple[DiscussionRef, ...] | Looked:
    """Read the page of a discussion, or of the entry itself, for the feeds it names and for comments.

    A host whose pages have neither is remembered, and asked again only when a person wishes it.
    """
    ports, one = looker.ports, subject.discussion
    now, address = ports.clock(), one.page_url or subject.entry_url
    key = f"pages of {urls.host(address)}"
    nothing = await ports.engine.read(tidy.recall, key)
    if not forced and isinstance(nothing, int) and nothing <= now < nothing + NOTHING_FOR:
        return Looked(message="this site's pages name no comments feed")
    verdict = due.verdict(one.poll, now, forced=forced)
    if isinstance(verdict, due.Waiting):
        return Looked(message=verdict.reason if forced else "", until=verdict.until)
    held = await ports.engine.read(comments.authors, one.id) if one.id else {}
    reading = await looker.once(subject, source_of("page"), address, about(subject, held))
    refs = _settled(subject, reading.found.refs) if reading.found is not None else ()
    if refs:
        return refs
    if reading.found is not None and not reading.comments:
        await ports.engine.write(tidy.remember, key, now)
    if not one.id and not reading.comments:
        reason = (
            reading.outcome.reason if isinstance(reading.outcome, Failed) else "this site's page names no discussion"
        )
        return Looked(asked=True, message=reason, failed=isinstance(reading.outcome, Failed))
    looked = await looker.keep(await _kept(looker, subject, address), reading, held)
    empty = "" if reading.comments else "this site's page shows no comments that can be read"
    return replace(looked, message=looked.message or empty)


async def elsewhere(looker: Looker, subject: Watched) -> tuple[tuple[DiscussionRef, ...], str]:
    """The discussions of the entry's link on other sites, and why one of them could not be asked, or ""."""
    found: list[DiscussionRef] = []
    failed = ""
    for step in questions(subject.entry_url):
        source = source_of(step.kind)
        reading = await looker.read(source, await looker.fetch(subject, step.url, source), about(subject, {}))
        if reading.found is not None:
            found += reading.found.refs
        elif isinstance(reading.outcome, Failed):
            failed = f"{urls.host(step.url)}: {reading.outcome.reason}"
    return tuple(found), failed


async def _kept(looker: Looker, subject: Watched, address: str) -> Watched:
    """The page as a place where the entry is discussed, noted as one if it was none."""
    if subject.discussion.id:
        return subject
    entry_id, engine = subject.discussion.entry_id, looker.ports.engine
    await engine.write(discussions.noted, entry_id, (DiscussionRef("page", "", address, name="Page"),))
    known = await engine.read(discussions.of_entry, entry_id)
    return replace(subject, discussion=next(one for one in known if one.page_url == address))


def _settled(subject: Watched, refs: tuple[DiscussionRef, ...]) -> tuple[DiscussionRef, ...]:
    page = subject.discussion.page_url or subject.entry_url
    refs = tuple(replace(ref, page_url=ref.page_url or page) for ref in refs)
    return settled(ParsedEntry("", url=subject.entry_url, discussions=refs), subject.feed_url)
