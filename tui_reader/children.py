"""Child processes of the program, and the frames in which they talk with their parent.

A frame is a length of four bytes, big end first, then as many bytes of msgpack.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import tui_reader

if TYPE_CHECKING:
    import asyncio

LENGTH = struct.Struct(">I")
_PIPE = 1 << 20
"""Bytes that a pipe holds before its writer waits, where the system can do that: a whole feed passes at once, instead
of in pieces of 64 kB of which each is a change of process."""


class Child:
    """A module of this program that runs in a process of its own, with a pipe to its input and from its output.

    It is started at once, on any thread, and belongs to the loop on which it is opened. Ctrl-C does not reach it; it
    ends when its input does, so at the latest with this program. Raises OSError where the system has no room for it.
    """

    def __init__(self, module: str) -> None:
        home = str(Path(tui_reader.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(  # noqa: S603 (this very interpreter)
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            bufsize=0,
            start_new_session=True,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            _widen(pipe)
        self.said: asyncio.StreamReader
        """What it says, once it is open."""
        self._killed = False
        self._pipes: list[asyncio.BaseTransport] = []
        self._input: asyncio.WriteTransport | None = None

    async def open(self) -> None:
        """Read and write its pipes on the running loop, which is to be done before anything else. Broken off, it ends
        the child."""
        import asyncio  # a child may be started before there is time for it

        loop = asyncio.get_running_loop()
        self.said = asyncio.StreamReader(limit=_PIPE)
        try:
            output, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(self.said), self._process.stdout
            )
            self._pipes = [output]
            self._input, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, self._process.stdin)
            self._pipes = [output, self._input]
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it has neither ended nor been killed."""
        return not self._killed and self._process.poll() is None

    def tell(self, frame: bytes) -> None:
        """Send a frame; one to a child that has ended is lost."""
        assert self._input is not None, "it is not open"
        if not self._input.is_closing():
            self._input.writelines((LENGTH.pack(len(frame)), frame))

    def kill(self) -> None:
        """End it at once; what it has said can still be read."""
        self._killed = True
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """End it, wait until it has, and close the pipes."""
        import asyncio

        self.kill()
        await asyncio.to_thread(self._process.wait)
        for pipe in self._pipes:
            pipe.close()
        if not self._pipes:
            for file in (self._process.stdin, self._process.stdout):
                if file is not None:
                    file.close()


async def frame(said: asyncio.StreamReader) -> bytes:
    """The next frame, without its length; raises IncompleteReadError when there is none any more."""
    return await said.readexactly(LENGTH.unpack(await said.readexactly(LENGTH.size))[0])


def _widen(pipe: IO[bytes] | None) -> None:
    if sys.platform == "linux" and pipe is not None:
        import fcntl

        with suppress(OSError, AttributeError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
