"""What rules set off outside of the library once their entries are stored: alerts, and the commands they run.

It is done at most once for what has arrived: a program that is killed between storing and running runs nothing later.
A command is a list of words, never a shell's line; it gets JSON on its standard input, some seconds, and its failure is
one line.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress

from tui_reader import shapes, text
from tui_reader.engine import Engine
from tui_reader.errors import NotFound
from tui_reader.model import Alert, Comment, Entry, Fired
from tui_reader.rules import Rule
from tui_reader.store import comments, entries

MOST_RUNS = 20
"""Commands that one refresh runs at most."""
AT_ONCE = 2
SECONDS = 10.0
"""How long a command may take before it is ended."""
_MOST_SAID = 4096

Arrived = tuple[Entry, Comment | None]


async def follow_up(
    engine: Engine, rules: Iterable[Rule], fired: Collection[Fired], *, command: Sequence[str], seconds: float = SECONDS
) -> tuple[Alert, ...]:
    """Run what the rules say and the notifying `command`, if there is one; the answer is what the screen should tell:
    one alert for each rule that notifies, one fault for each rule that could not do what it was to do."""
    alerts: list[Alert] = []
    jobs: list[tuple[Rule, tuple[str, ...], bytes]] = []
    told: list[tuple[Rule, Alert]] = []
    for rule in rules:
        ids = [number for one in fired if one.rule == rule.number for number in one.entries]
        said = [number for one in fired if one.rule == rule.number for number in one.comments]
        if not ids and not said:
            continue
        count = len(ids) + len(said)
        shown = await _arrived(engine, ids, said, most=MOST_RUNS if rule.runs else 1)
        if rule.notify and shown:
            told.append((rule, _alert(rule, shown[0], count)))
        if rule.runs and count > len(shown):
            left = f"{rule.name} ran its command for {len(shown)} of {count}; one refresh runs no more"
            alerts.append(Alert(fault=left))
        jobs += [(rule, words, _shape(rule, one)) for one in shown for words in rule.runs]
    alerts += [alert for _, alert in told]
    if len(jobs) > MOST_RUNS:
        alerts.append(Alert(fault=f"the rules ran {MOST_RUNS} of {len(jobs)} commands; one refresh runs no more"))
        del jobs[MOST_RUNS:]
    if command:
        jobs += [(rule, (*command, alert.title, alert.body), b"") for rule, alert in told]
    gate = asyncio.Semaphore(AT_ONCE)

    async def job(rule: Rule, words: Sequence[str], fed: bytes) -> tuple[Rule, str]:
        async with gate:
            return rule, await _run(words, fed, seconds)

    ended = await asyncio.gather(*(job(*one) for one in jobs))
    return (*alerts, *_faults(ended))


def _faults(ended: Sequence[tuple[Rule, str]]) -> Iterator[Alert]:
    """One line for each rule, however often its command failed."""
    for rule in dict.fromkeys(rule for rule, fault in ended if fault):
        faults = [fault for one, fault in ended if one is rule and fault]
        times = f" ({len(faults)} times)" if len(faults) > 1 else ""
        yield Alert(fault=f"{rule.name}: {faults[0]}{times}; what arrived is stored")


async def _arrived(engine: Engine, ids: Sequence[int], said: Sequence[int], *, most: int) -> list[Arrived]:
    """The entries and comments themselves; one that is gone meanwhile is left out."""
    found: list[Arrived] = []
    for comment in await engine.read(comments.some, said[:most]):
        with suppress(NotFound):
            found.append((await engine.read(entries.entry, comment.entry_id), comment))
    for entry_id in ids[: most - len(found)]:
        with suppress(NotFound):
            found.append((await engine.read(entries.entry, entry_id), None))
    return found


def _alert(rule: Rule, first: Arrived, count: int) -> Alert:
    entry, comment = first
    title = entry.row.title or "(no title)"
    if count > 1:
        return Alert(text.plural(count, "new comment" if comment else "new article"), rule.name)
    return Alert(title, f"{comment.author}: {shapes.words(comment)}"[:200] if comment else entry.row.feed_title)


def _shape(rule: Rule, one: Arrived) -> bytes:
    """What a command reads: the entry as `show --json` has it, of a comment that as well."""
    entry, comment = one
    shape = {"rule": rule.when, "entry": shapes.whole_entry(entry)}
    if comment is not None:
        shape["comment"] = shapes.comment(comment, None, 0)
    return json.dumps(shape, ensure_ascii=False).encode("utf-8", "replace")


async def _run(words: Sequence[str], fed: bytes, seconds: float) -> str:
    """Run a command to its end; the answer is why it failed, "" when it did not."""
    name = text.cut(text.clean(words[0]), 40)
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"{name} cannot be run ({(getattr(error, 'strerror', '') or 'no reason given').lower()})"
    try:
        async with asyncio.timeout(seconds):
            said = await _talk(process, fed)
            code = await process.wait()
    except TimeoutError:
        _end(process)
        await process.wait()
        return f"{name} was ended after {seconds:g} seconds"
    finally:
        _end(process)
    if not code:
        return ""
    words_said = text.cut(text.clean(said.decode("utf-8", "replace")), 80)
    return f"{name} ended with {code}{f' ({words_said})' if words_said else ''}"


async def _talk(process: asyncio.subprocess.Process, fed: bytes) -> bytes:
    """Feed a command and read the beginning of what it complains of; the rest is thrown away."""
    assert process.stdin is not None
    assert process.stderr is not None

    async def feed(pipe: asyncio.StreamWriter) -> None:
        # A command may well end without having read all.
        with suppress(BrokenPipeError, ConnectionResetError):
            pipe.write(fed)
            await pipe.drain()
        pipe.close()

    async def read(pipe: asyncio.StreamReader) -> bytes:
        kept = b""
        while some := await pipe.read(65_536):
            kept = kept or some[:_MOST_SAID]
        return kept

    _, said = await asyncio.gather(feed(process.stdin), read(process.stderr))
    return said


def _end(process: asyncio.subprocess.Process) -> None:
    """Nothing that a command has started outlives its time."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
