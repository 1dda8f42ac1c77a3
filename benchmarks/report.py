"""The last figures of every case, kept as JSON, as a table in README.md and as a picture of the ratios."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.__main__ import Result

HERE = Path(__file__).parent
FROM, TO = "<!-- figures -->", "<!-- end of the figures -->"
_ROW, _LEFT, _WIDE = 22, 420, 420
_DECADES = 3


def keep(case: str, results: Iterable[Result], machine: str) -> None:
    """Put the figures of a case in the place of those it had; the others stay, each with the machine it is of."""
    path = HERE / "results.json"
    held: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    held = held if isinstance(held.get("cases"), dict) else {"cases": {}}
    rows = [
        {
            "case": one.case,
            "ours": one.ours,
            "peer": one.peer,
            "theirs": one.theirs,
            "unit": one.unit,
            "ratio": float(one.ratio) if one.ratio else None,
        }
        for one in results
    ]
    held["cases"][case] = {"machine": machine, "figures": rows}
    path.write_text(json.dumps(held, indent=1) + "\n")
    _write_table(held["cases"])
    (HERE / "ratios.svg").write_text(_plot(held["cases"]))


def _write_table(cases: dict[str, Any]) -> None:
    path = HERE / "README.md"
    text = path.read_text()
    if FROM not in text:
        return
    lines = ["![Ratios: ours to theirs, less is better](ratios.svg)"]
    for name, case in cases.items():
        lines += [
            "",
            f"### `{name}`",
            "",
            case["machine"],
            "",
            "| | ours | beside | theirs | ratio |",
            "|---|---|---|---|---|",
        ]
        lines += [_line(one) for one in case["figures"]]
    before, _, rest = text.partition(FROM)
    after = rest.partition(TO)[2]
    path.write_text(f"{before}{FROM}\n\n" + "\n".join(lines) + f"\n\n{TO}{after}")


def _line(one: dict[str, Any]) -> str:
    theirs = _number(one["theirs"], one["unit"]) if one["theirs"] else ""
    ratio = f"{one['ratio']:.2f}" if one["ratio"] else ""
    return f"| {one['case']} | {_number(one['ours'], one['unit'])} | {one['peer']} | {theirs} | {ratio} |"


def _number(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip() if value < 1000 else f"{value:,.0f} {unit}".strip()


def _plot(cases: dict[str, Any]) -> str:
    """A bar for each ratio on a scale of powers of ten; left of the middle we are faster."""
    bars = [
        (f"{one['case']} · {one['peer']}", one["ratio"])
        for case in cases.values()
        for one in case["figures"]
        if one["ratio"]
    ]
    middle, high = _LEFT + _WIDE // 2, len(bars) * _ROW + 40
    made = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDE + 60}" height="{high}" font-size="11">',
        f'<rect width="100%" height="100%" fill="#ffffff"/><path d="M{middle} 24V{high}" stroke="#777777"/>',
        "<style>text { font-family: sans-serif }</style>",
        f'<text x="{middle}" y="16" text-anchor="middle">equal</text>',
        f'<text x="{_LEFT}" y="16">ours faster or smaller</text>',
    ]
    for place, (name, ratio) in enumerate(bars):
        y = 30 + place * _ROW
        reach = max(-1.0, min(1.0, math.log10(ratio) / _DECADES)) * _WIDE / 2
        colour = "#2f6fb0" if ratio <= 1 else "#c06a1a"
        made += [
            f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(name[:70])}</text>',
            f'<rect x="{min(middle, middle + reach):.0f}" y="{y}" width="{max(1, abs(reach)):.0f}" height="15" fill="{colour}"/>',
            f'<text x="{_LEFT + _WIDE + 6}" y="{y + 12}">{ratio:.2g}</text>',
        ]
    return "\n".join([*made, "</svg>"]) + "\n"
