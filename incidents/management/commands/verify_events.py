"""Prove that no event was changed, removed, put in or cut off."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from districts.management.telling import ProgressLine
from incidents.ledger_check import Fault, Finding, Verdict, verify
from incidents.models import DayDigest
from incidents.services import sealing

SAYS = {
    Fault.CHANGED: "event {event} of chain {chain} says something else than when it was sealed",
    Fault.REMOVED: "before event {event} something is missing in chain {chain}",
    Fault.PUT_IN: "event {event} was put in: later ones are sealed, it is not",
    Fault.CUT_OFF: "the seals that are there are not those that were made: some are missing",
    Fault.DAY: "the chains are not those of the digest of {day}",
    Fault.KEPT: "the digest of {day} is not the one that was kept",
}


def kept(text: str) -> tuple[date, bytes]:
    """Read ``2026-11-22=<64 hex digits>``, for argparse."""
    day, _, digest = text.partition("=")
    try:
        return date.fromisoformat(day), bytes.fromhex(digest)
    except ValueError:
        raise ArgumentTypeError("write it as 2026-11-22=<64 hex digits>") from None


class Command(BaseCommand):
    """Reads every event, seal and digest once; changes nothing but seals what is not sealed yet."""

    help = "Check every event against its seal, and each day against its digest; 1 where one fails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--kept",
            type=kept,
            action="append",
            default=[],
            metavar="DAY=DIGEST",
            help="a day's digest as it was noted elsewhere; may be given more than once",
        )
        parser.add_argument("--days", action="store_true", help="print the days' digests, and end")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seal what can be sealed, then check all of it."""
        if options["days"]:
            self._tell_days()
            return
        while sealing.seal_events():
            pass
        line = ProgressLine(self.stderr, "Events checked:")
        verdict = verify(dict(options["kept"]), lambda done, whole: line(done, whole, ""))
        self.stdout.write(_as_json(verdict) if options["json"] else _in_words(verdict))
        if verdict.findings:
            raise CommandError(f"{len(verdict.findings)} faults found.")

    def _tell_days(self) -> None:
        for one in DayDigest.objects.order_by("day"):
            self.stdout.write(f"{one.day}={bytes(one.digest).hex()}")


def _in_words(verdict: Verdict) -> str:
    seen = (
        f"{verdict.events:,} events in {verdict.chains:,} chains, {verdict.days} days: "
        f"{'nothing was changed, removed or put in' if not verdict.findings else 'NOT AS SEALED'}."
    )
    return "\n".join([*(_sentence(one) for one in verdict.findings), seen])


def _sentence(one: Finding) -> str:
    return SAYS[one.fault].format(event=one.event, chain=one.chain, day=one.day)


def _as_json(verdict: Verdict) -> str:
    found = [
        {"fault": one.fault, "chain": one.chain, "event": one.event, "day": str(one.day or "")}
        for one in verdict.findings
    ]
    facts = {"events": verdict.events, "chains": verdict.chains, "days": verdict.days}
    return json.dumps({**facts, "findings": found})
