"""A program in a pseudo-terminal: every byte it writes is kept, and a grid shows what they draw."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping

import pexpect
import pyte

from tests.cli.running import Reader

MODES = (
    (b"\x1b[?1049h", b"\x1b[?1049l"),
    (b"\x1b[?25l", b"\x1b[?25h"),
    (b"\x1b[?1000h", b"\x1b[?1000l"),
    (b"\x1b[?1003h", b"\x1b[?1003l"),
    (b"\x1b[?2004h", b"\x1b[?2004l"),
)
"""What the screen turns on, and what turns it off again."""


class Terminal:
    """A program in a terminal of its own; `written` is every byte it sent, `screen` what they have drawn."""

    def __init__(
        self,
        reader: Reader,
        *words: str,
        columns: int = 120,
        rows: int = 35,
        environ: Mapping[str, str] | None = None,
        wrap: tuple[str, ...] = (),
        offline: bool = True,
    ) -> None:
        program, *arguments = (*wrap, *reader.command(*(words or (("--offline",) if offline else ()))))
        kept = {
            name: value for name, value in reader.environment.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}
        }
        self.display = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.display)
        self.written = b""
        self.answers: dict[bytes, bytes] = {}
        """What this terminal still answers when it is asked, question by question: at once, before it draws."""
        self.late = 0.0
        """How many seconds late it answers."""
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            program,
            arguments,
            cwd=str(reader.folder),
            dimensions=(rows, columns),
            env={**kept, "TERM": "xterm-256color"} | dict(environ or {}),
        )

    @property
    def screen(self) -> str:
        return "\n".join(line.rstrip() for line in self.display.display)

    def send(self, keys: bytes) -> None:
        self.child.send(keys)

    def until(self, seen: Callable[[str], bool], *, seconds: float = 60) -> None:
        """Read on until the screen looks so."""
        end = time.monotonic() + seconds
        while not seen(self.screen):
            assert time.monotonic() < end, self.screen
            assert self.read() or seen(self.screen), f"it has ended:\n{self.screen}"

    def read(self, wait: float = 0.2) -> bool:
        """Take in what has come; False when the program has ended."""
        try:
            bytes_ = self.child.read_nonblocking(65536, timeout=wait)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += bytes_
        for question in [one for one in self.answers if one in bytes_]:
            time.sleep(self.late)
            self.child.send(self.answers.pop(question))
        self._stream.feed(bytes_.replace(b"\x1b[?2026h", b"").replace(b"\x1b[?2026l", b""))
        return True

    def settle(self, quiet: int = 2) -> None:
        """Read until nothing has come for so many fifths of a second."""
        calm = 0
        while calm < quiet:
            before = len(self.written)
            if not self.read():
                return
            calm = calm + 1 if len(self.written) == before else 0

    def ended(self) -> int:
        """Read to the end; the exit code."""
        while self.read():
            pass
        self.child.close()
        assert self.child.exitstatus is not None, self.child.signalstatus
        return self.child.exitstatus

    def hung_up(self, *, seconds: float = 30) -> int:
        """Close the terminal as a window is closed, and wait for the end; the exit code."""
        child = self.child
        os.close(child.child_fd)
        child.closed, child.child_fd, child.ptyproc.fd, child.ptyproc.closed = True, -1, -1, True
        end = time.monotonic() + seconds
        while (ended := os.waitpid(child.pid, os.WNOHANG)) == (0, 0):
            assert time.monotonic() < end, "it goes on without anybody to see it"
            time.sleep(0.05)
        child.terminated = child.ptyproc.terminated = True
        return os.waitstatus_to_exitcode(ended[1])

    def kill(self, name: str) -> None:
        """Send the program a signal."""
        self.child.kill(getattr(signal, name))

    def dirty(self) -> list[bytes]:
        """What the program has left on."""
        return [on for on, off in MODES if self.written.rfind(on) > self.written.rfind(off)]
