"""The rules command: which rules there are, and what each would have done."""

from __future__ import annotations

from argparse import Namespace

from tui_reader import shapes, text
from tui_reader.cli import output
from tui_reader.cli.main import FAULT, OK
from tui_reader.cli.session import Session
from tui_reader.config import Fault
from tui_reader.rules import Rule

SHOWN = 5
"""Titles that a dry run shows of each rule."""


async def rules(session: Session, args: Namespace) -> int:
    """List the rules; with --test tell which stored entries each fits, changing nothing."""
    faults = [fault for fault in session.faults if fault.key.startswith("rule")]
    wanted = session.config.rules
    if args.test:
        await _test(session, wanted, faults, json=args.json)
    elif args.json:
        output.print_json({"rules": [_shape(rule) for rule in wanted], "faults": [str(fault) for fault in faults]})
    else:
        for rule in wanted:
            output.print_line(f"{rule.number}. {rule.when or '(everything)'} → {', '.join(_acts(rule))}")
        if not wanted:
            output.print_line(f"no rules in {session.config_path}; docs/rules.md tells how one is written")
    return FAULT if faults else OK


async def _test(session: Session, wanted: tuple[Rule, ...], faults: list[Fault], *, json: bool) -> None:
    async with session.library() as library:
        if not library.read_only:
            await library.index()
        fitting = await library.fitting(wanted)
        if json:
            found = [
                _shape(rule) | {"comments" if rule.of_comments else "entries": list(ids)}
                for rule, ids in zip(wanted, fitting, strict=True)
            ]
            output.print_json({"rules": found, "faults": [str(fault) for fault in faults]})
            return
        for rule, ids in zip(wanted, fitting, strict=True):
            noun = "comment" if rule.of_comments else "article"
            acts = ", ".join(_acts(rule))
            output.print_line(f"{rule.number}. {rule.when or '(everything)'} → {acts}: {text.plural(len(ids), noun)}")
            shown = ids[:SHOWN]
            if rule.of_comments:
                for comment in await library.comments(shown):
                    _item(f"{comment.id} {comment.author}: {text.cut(shapes.words(comment), 60)}")
            else:
                for row in await library.rows(shown):
                    _item(f"{row.id} {row.title or '(no title)'} · {row.feed_title}")
            if len(ids) > SHOWN:
                _item(f"and {len(ids) - SHOWN} more")
    if not wanted:
        output.print_line(f"no rules in {session.config_path}; docs/rules.md tells how one is written")


def _item(line: str) -> None:
    output.print_block(f"    {text.clean(line)}")


def _acts(rule: Rule) -> list[str]:
    simple = (("mark-read", rule.mark_read), ("star", rule.star), ("hide", rule.hide), ("notify", rule.notify))
    acts = [name for name, on in simple if on]
    acts += [f"tag {tag}" for tag in rule.tags]
    return acts + [f"run {' '.join(words)}" for words in rule.runs]


def _shape(rule: Rule) -> output.Shape:
    return {"number": rule.number, "when": rule.when, "do": _acts(rule), "of_comments": rule.of_comments}
