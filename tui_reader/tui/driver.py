"""The terminal, whatever it sends, and when it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from tui_reader.tui.app import ReaderApp


class PatientDriver(LinuxDriver):
    """Passes over bytes that are no UTF-8, where Textual ends the program, and writes nothing where nobody is.

    What is written there is never taken: the program would wait for it when it ends, for ever. A terminal that was
    attached anew (tmux, SSH, an editor's) may send mouse reports in the old X10 form, whose bytes
    go beyond 0x7F (Textualize/textual#6668). What came in the same breath is lost with them.
    """

    _app: ReaderApp

    def run_input_thread(self) -> None:
        """Read until the end, beginning anew after such bytes."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            except OSError:
                self._app.call_later(self._app.hang_up)
                return

    def write(self, data: str) -> None:
        """Write, while somebody is there to see it."""
        if self._is_heard:
            super().write(data)

    def close(self) -> None:
        """Wait for what is still to be written, while somebody is there to see it."""
        if self._is_heard:
            super().close()

    @property
    def _is_heard(self) -> bool:
        """Whether what is written arrives; a terminal that is gone ends the thread that writes."""
        return not self._app.hung_up and self._writer_thread is not None and self._writer_thread.is_alive()
