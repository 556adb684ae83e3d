"""What a changed rules file would move, before it goes live."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser

from districts import city, rulebook
from districts.management.telling import day, failing_clearly
from districts.trial_rules import read_rules
from incidents.rereading.rule_trial import A_PERSON, NOBODY, Move, Trial, try_rules


class Command(BaseCommand):
    """Decide past incidents by today's rules and by a file's; write nothing."""

    help = (
        "Show which past incidents a rules file would give to another agency than today's rules "
        "do. Nothing is written; load_catalogue puts rules into effect."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, help="in the form of the catalogue's rules.toml")
        parser.add_argument("--since", type=day, required=True, help="first day, 2026-01-01")
        parser.add_argument("--top", type=int, default=30, help="how many moves to list")

    def handle(self, *_args: str, **options: Any) -> None:
        """Try, and print the table of what moves from whom to whom."""
        with failing_clearly(self.stderr):
            rules = read_rules(options["file"])
            zone = ZoneInfo(city.current().time_zone)
            trial = try_rules(rules, datetime.combine(options["since"], time(), zone))
        self.stdout.write("\n".join(_lines(trial, options["top"])))


def _lines(trial: Trial, top: int) -> list[str]:
    moved = sum(move.count for move in trial.moves)
    share = f" ({moved / trial.tried:.1%})" if trial.tried else ""
    lines = [f"{trial.tried:,} incidents tried, {moved:,} would move{share}."]
    if trial.placed_anew:
        lines.append(f"{trial.placed_anew:,} of them had to be placed anew.")
    if trial.not_yet:
        lines.append(f"In effect on none of their days: {', '.join(trial.not_yet)}.")
    lines += [_line(move) for move in trial.moves[:top]]
    if len(trial.moves) > top:
        rest = sum(move.count for move in trial.moves[top:])
        lines.append(f"{rest:>9,}  in {len(trial.moves) - top} other moves; --top shows more")
    return lines


def _line(move: Move) -> str:
    of = ", ".join(f"{code} {count:,}" for code, count in move.categories.most_common(3))
    examples = ", ".join(map(str, move.examples))
    return f"{move.count:>9,}  {_who(move.before)} -> {_who(move.after)}  [{of}; e.g. {examples}]"


def _who(code: str) -> str:
    said = {A_PERSON: "a person decides", NOBODY: "nobody"}
    names = rulebook.current().agencies.get(code)
    return said.get(code) or (f"{names.name} ({code})" if names else code)
