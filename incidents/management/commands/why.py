"""Why this agency, and why so late: reckoned again from what was stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from districts.management.telling import failing_clearly
from incidents.actors import Actor
from incidents.oversight.custodies import Held, held_again
from incidents.oversight.decisions import Again, Outcome, decisions_again
from incidents.permissions import Role

EVERYTHING = Actor(role=Role.OVERSIGHT)


class Command(BaseCommand):
    """Reads as oversight does; changes nothing."""

    help = "Reckon an incident's decisions and clocks again, and compare with the record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("incident", type=int)
        parser.add_argument("--language", choices=("vi", "en"), default="en")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each decision and each custody with its verdict."""
        asked = EVERYTHING, options["incident"], options["language"]
        with failing_clearly(self.stderr):
            decisions, custodies = decisions_again(*asked), held_again(*asked)
        for one in decisions:
            self.stdout.writelines(_decision(one))
        for hold in custodies:
            self.stdout.writelines(_custody(hold))


def _decision(one: Again) -> Iterator[str]:
    yield f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}  {_outcome(one.decided)}\n"
    yield f"    {one.because}\n"
    if one.by_hand:
        yield "    chosen by a person\n"
    elif one.again is None:
        yield "    CANNOT BE RECKONED AGAIN: something that it rested on is gone\n"
    elif one.agrees:
        yield "    reckoned again: the same\n"
    else:
        yield f"    RECKONED AGAIN: {_outcome(one.again)}\n"


def _outcome(one: Outcome) -> str:
    sure = "a person decides" if one.needs_triage else "given to it"
    return f"{one.agency}, rule {one.rule or '–'}, certainty {one.certainty:.0%}, {sure}"


def _custody(hold: Held) -> Iterator[str]:
    ended = (
        f"{timezone.localtime(hold.ended):%Y-%m-%d %H:%M} ({hold.ended_by})"
        if hold.ended
        else "today"
    )
    yield f"{timezone.localtime(hold.began):%Y-%m-%d %H:%M} – {ended}  {hold.agency}\n"
    limit = f"{hold.limit.days} working days" if hold.working_days else f"{hold.limit_hours:g} h"
    used = f"{hold.used:.0%} of it used up" if hold.used is not None else "no clock"
    late = ", LATE" if hold.late else ""
    yield f"    limit {limit} (rule {hold.rule} v{hold.rule_version}), {used}{late}\n"
    if hold.forward_used is not None:
        yield f"    given to it with {hold.forward_used:.0%} of the service's own limit used up\n"
    for stop in hold.pauses:
        end = f"{timezone.localtime(stop.end):%Y-%m-%d %H:%M}" if stop.end else "today"
        yield f"    paused {timezone.localtime(stop.begin):%Y-%m-%d %H:%M} – {end} {stop.reason}\n"
    if hold.steps:
        yield f"    escalated: {', '.join(hold.steps)}\n"
    yield "    as it was recorded\n" if hold.agrees else "    THE RECORD SAYS SOMETHING ELSE\n"
