"""What all tests share."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import settings

from tests.faults import report
from tests.faults.report import (
    Figures,
    pytest_addoption,
    pytest_configure,
    pytest_runtest_setup,
    pytest_sessionstart,
)

__all__ = ["pytest_addoption", "pytest_configure", "pytest_runtest_setup", "pytest_sessionstart"]


settings.register_profile("gate", derandomize=True)
settings.register_profile("fuzz", derandomize=False)
settings.load_profile("fuzz" if "TUI_READER_FUZZ" in os.environ else "gate")
"""The gate makes up the same cases every time: what it finds lies in the change. `make fuzz` makes up others."""


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    """The reader is started hundreds of times: it may keep what was compiled, as it does wherever it is installed."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A run that was started in the background inherits an ignored Ctrl-C, and hands it down to what it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two a core: much of the time of a test of sockets, processes and terminals is waiting."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """What a case of the fault table counts."""
    return Figures(request.node)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which corpora were not there: a skipped proof should not look like one that held."""
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()) if report.longrepr}
    for reason in sorted(reasons):
        if "corpus absent" in reason:
            terminalreporter.write_line(reason.removeprefix("Skipped: "), yellow=True)
    report.summarise(terminalreporter, config)


def pytest_collection_finish() -> None:
    """What stands in memory now is there until the end: five thousand cases that every collection of garbage would go
    through. Collections every 700 objects are a tenth of the time of a screen on a pilot."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
