"""Counts the cases of the fault table and what they noted, over all processes of a run, and prints it.

    @pytest.mark.row("H09", "K05")      # the rows a case tries, on any test anywhere
    def test_...(figures: Figures):
        figures.add("flipped", 0)       # what it counted; see FIGURES
        figures.time(12.5)              # milliseconds from a key to the terminal's bytes

`pytest -m row --faults=docs/reliability.md` (that is `make faults`) prints the table and writes it into the page. Times
stand in the printout only.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.rows import FAMILIES, ROWS

FIGURES = {
    "acts": "acts acknowledged",
    "acts_lost": "acknowledged acts lost",
    "entries": "entries that had been shown",
    "entries_lost": "entries lost",
    "duplicated": "entries duplicated",
    "flipped": "entries flipped to unread",
    "unhandled": "unhandled exceptions",
    "payload": "payload bytes to the terminal",
    "outside": "files or hosts touched outside",
    "dirty": "terminals left dirty",
    "kills": "kill -9",
    "torn": "transactions torn",
    "corrupt": "libraries corrupt",
    "rules": "polite-client rules kept (of 24)",
    "unconditional": "unconditional requests after the first",
    "lines": "lines of trouble read",
    "lines_poor": "of these with fewer than all five parts",
}
"""Sums over all cases, in the order they are printed."""
ZERO = (
    *("acts_lost", "entries_lost", "duplicated", "flipped", "unhandled", "payload", "outside", "dirty", "torn"),
    *("corrupt", "unconditional", "lines_poor"),
)
"""Those that are meant to be zero."""
MOST = {"rss": "peak memory of a process, MB", "bytes": "bytes per feed and day"}
"""The greatest of all cases."""
_BEGIN, _END = "<!-- table: begin (make faults) -->", "<!-- table: end -->"
_KEY = pytest.StashKey["Report"]()


class Figures:
    """What one case counted; it goes with its report to the process that prints."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node

    def add(self, name: str, value: float) -> None:
        """Add to a figure of FIGURES, or raise one of MOST."""
        assert name in FIGURES or name in MOST, name
        self._node.user_properties.append(("figure", (name, value)))

    def rule(self, row: str, kept: bool, evidence: str) -> None:
        """Whether a rule of the polite client was kept, with what the request log says of it."""
        self._node.user_properties.append(("rule", (row, kept, evidence)))
        self.add("rules", int(kept))

    def time(self, milliseconds: float) -> None:
        """A key press, to the bytes it changed on the terminal."""
        self._node.user_properties.append(("latency", milliseconds))


@dataclass
class Report:
    """What became of every case."""

    cases: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By row: how many cases passed, failed, were skipped."""
    sums: Counter[str] = field(default_factory=Counter)
    most: dict[str, float] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    latencies: list[float] = field(default_factory=list)
    rules: dict[str, tuple[bool, str]] = field(default_factory=dict)

    def take(self, report: pytest.TestReport) -> None:
        """Count one phase of one test: how it ended, and at the end of all what it noted."""
        told = list(report.user_properties)
        if report.when == "call" or not report.passed:
            for row in (row for name, rows in told if name == "rows" for row in rows):
                self.cases[row][report.outcome] += 1
        if report.when != "teardown":
            return
        for name, value in (value for key, value in told if key == "figure"):
            self.noted.add(name)
            if name in MOST:
                self.most[name] = max(self.most.get(name, 0), value)
            else:
                self.sums[name] += value
        self.rules |= {row: (kept, evidence) for row, kept, evidence in (value for key, value in told if key == "rule")}
        self.latencies += [value for key, value in told if key == "latency"]

    # ------------------------------------------------------------ told

    def verdict(self, row: str) -> str:
        """ "survived", "fell", "not run" (every case skipped, or none)."""
        counted = self.cases.get(row, Counter())
        if counted["failed"]:
            return "fell"
        return "survived" if counted["passed"] else "not run"

    def families(self) -> Iterator[tuple[str, int, int, int, int]]:
        """(family, rows, tried, survived, cases) each, and all together at the end."""
        total = [0, 0, 0, 0]
        for letter, name in FAMILIES.items():
            rows = [row.id for row in ROWS if row.family == letter]
            told = [self.verdict(row) for row in rows]
            cases = sum(self.cases[row]["passed"] + self.cases[row]["failed"] for row in rows if row in self.cases)
            counted = [len(rows), len(rows) - told.count("not run"), told.count("survived"), cases]
            total = [a + b for a, b in zip(total, counted, strict=True)]
            yield (f"{letter} {name}", *counted)
        yield ("all", *total)

    def figures(self) -> Iterator[tuple[str, str]]:
        """(label, value) of everything that was noted, without times."""
        for name, label in FIGURES.items():
            if name in self.noted or name in ZERO:
                yield label, f"{self.sums[name]:g}" if name in self.noted else "not noted"
        for name, label in MOST.items():
            if name in self.most:
                yield label, f"under {math.ceil(self.most[name] / 50) * 50}"

    def page(self) -> str:
        """The table as Markdown."""
        lines = ["| family | rows | tried | survived | cases |", "| :-- | --: | --: | --: | --: |"]
        lines += [f"| {name} | {a} | {b} | {c} | {d} |" for name, a, b, c, d in self.families()]
        lines += ["", "| counted over all cases | |", "| :-- | --: |"]
        lines += [f"| {label} | {value} |" for label, value in self.figures()]
        if self.rules:
            kept = sum(kept for kept, _ in self.rules.values())
            lines += [
                "",
                f"Rules of the polite client, over 14 days of one library: **{kept} of {len(self.rules)} kept**.",
            ]
            lines += ["", "| rule | | what the log of requests says | |", "| :-- | :-- | :-- | :-- |"]
            rules = [row for row in ROWS if row.id in self.rules]
            lines += [
                f"| {row.id} | {row.fault} | {self.rules[row.id][1]} | {'kept' if self.rules[row.id][0] else 'broken'} |"
                for row in rules
            ]
        lines += ["", "| row | what is done | what is expected | cases | |", "| :-- | :-- | :-- | --: | :-- |"]
        for row in ROWS:
            counted = self.cases.get(row.id, Counter())
            cases = counted["passed"] + counted["failed"]
            told = self.verdict(row.id)
            lines.append(f"| {row.id} | {row.fault} | {row.expected} | {cases or ''} | {row.left_out or told} |")
        return "\n".join(lines)


def percentile(times: Iterable[float], part: float) -> float:
    """The value below which `part` of them lie."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def write(page: Path, table: str) -> None:
    """Put the table into the page between its two marks."""
    text = page.read_text(encoding="utf-8")
    assert _BEGIN in text, page
    assert _END in text, page
    page.write_text(
        re.sub(
            f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", lambda _: f"{_BEGIN}\n{table}\n{_END}", text, flags=re.DOTALL
        ),
        encoding="utf-8",
    )


# ---------------------------------------------------------------- pytest's hooks, taken into tests/conftest.py


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", metavar="PAGE", help="print the table of faults and write it into this page")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_KEY] = Report()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    rows = [row for mark in item.iter_markers("row") for row in mark.args]
    if rows:
        unknown = set(rows) - {row.id for row in ROWS if not row.left_out}
        assert not unknown, f"no rows that are tried: {unknown}"
        item.user_properties.append(("rows", rows))


class Listener:
    """Takes the reports, those of other processes too."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._report.take(report)


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(Listener(session.config.stash[_KEY]))


def summarise(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and write it when told where."""
    page = config.getoption("--faults")
    if not page:
        return
    report = config.stash[_KEY]
    terminal.section("faults")
    terminal.write_line(f"{'family':28}{'rows':>6}{'tried':>7}{'survived':>10}{'cases':>7}")
    for name, rows, tried, survived, cases in report.families():
        terminal.write_line(f"{name:28}{rows:>6}{tried:>7}{survived:>10}{cases:>7}", red=survived < tried)
    terminal.write_line("")
    for label, value in report.figures():
        terminal.write_line(f"{label:45}{value:>12}")
    for name, label in MOST.items():
        if name in report.most:
            terminal.write_line(f"{label + ', exactly':45}{report.most[name]:>12g}")
    if report.latencies:
        told = " / ".join(f"{percentile(report.latencies, part):.1f}" for part in (0.5, 0.95, 1.0))
        terminal.write_line(f"key to terminal, p50 / p95 / max, ms {told:>21}")
    for row_id, (kept, evidence) in sorted(report.rules.items()):
        terminal.write_line(f"{row_id} {'kept' if kept else 'BROKEN'}: {evidence}", red=not kept)
    for row in ROWS:
        verdict = report.verdict(row.id)
        if row.left_out or verdict != "survived":
            terminal.write_line(f"{row.id} {row.left_out or verdict}: {row.fault}", red=verdict == "fell")
    write(Path(page), report.page())
