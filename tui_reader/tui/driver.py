"""Reading the terminal, whatever it sends."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class PatientDriver(LinuxDriver):
    """Passes over bytes that are no UTF-8, where Textual ends the program.

    A terminal that was attached anew (tmux, SSH, an editor's) may send mouse reports in the old X10 form, whose bytes
    go beyond 0x7F (Textualize/textual#6668). What came in the same breath is lost with them.
    """

    def run_input_thread(self) -> None:
        """Read until the end, beginning anew after such bytes."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
