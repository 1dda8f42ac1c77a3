"""Runs the command in a process of its own that begins as a copy of one which has its modules already.

Starting Python and importing take most of the time of a short command. How a run begins from nothing is tried by the
tests that start `COMMAND` themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

MODULES = ["tui_reader.cli.main", "tui_reader.cli.reading", "tui_reader.cli.refreshing", "tui_reader.library", "httpx"]


def run(
    argv: Sequence[str], *, environ: Mapping[str, str], folder: Path, stdin: bytes, timeout: float
) -> tuple[int, str, str]:
    """The exit code and what came on standard output and standard error. Raises TimeoutExpired."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*MODULES, __name__])
    with TemporaryDirectory() as place:
        streams = tuple(Path(place, name) for name in ("in", "out", "err"))
        streams[0].write_bytes(stdin)
        process = context.Process(target=_work, args=(list(argv), dict(environ), folder, streams))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(argv), timeout)
        return process.exitcode, streams[1].read_bytes().decode(), streams[2].read_bytes().decode()


def _work(argv: list[str], environ: dict[str, str], folder: Path, streams: Sequence[Path]) -> None:
    from tui_reader.cli.main import run as command

    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(folder)
    os.dup2(os.open(streams[0], os.O_RDONLY), 0)
    for number, path in enumerate(streams[1:], 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    with (
        open(0, encoding="utf-8", closefd=False) as sys.stdin,
        open(1, "w", encoding="utf-8", closefd=False) as sys.stdout,
        open(2, "w", encoding="utf-8", closefd=False, buffering=1) as sys.stderr,
    ):
        sys.exit(command(argv))
