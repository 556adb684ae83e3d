"""Prove that no event was changed, removed, put in or cut off since it was sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from gis_core import sql
from incidents.ledger import FIRST, Entry, Head, digest_of_day, rolled
from incidents.models import DayDigest, Seal, Sealing
from incidents.services.sealing import MADE_UP, heads_between

AT_A_TIME: Final = 5_000
MOST_SHOWN: Final = 100
"""Of events without a seal no more are listed."""

Tell = Callable[[int, int], None]


class Fault(StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    """The event says something else than when it was sealed."""
    REMOVED = "removed"
    """A number is missing in the chain."""
    PUT_IN = "put_in"
    """The event has no seal, though later ones have."""
    CUT_OFF = "cut_off"
    """The seals that are there are not those that were made."""
    DAY = "day"
    """The chains' heads are not those of the day's digest."""
    KEPT = "kept"
    """The day's digest is not the one that was kept elsewhere."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    fault: Fault
    chain: str = ""
    event: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what was found."""

    events: int
    chains: int
    days: int
    findings: tuple[Finding, ...]


def verify(kept: Mapping[date, bytes], tell: Tell = lambda _done, _all: None) -> Verdict:
    """Reckon all seals and digests again from the events, and compare.

    ``kept`` holds digests of days as they were noted elsewhere. Reads everything once, in bounded
    memory; sealing may go on meanwhile.
    """
    so_far = Sealing.objects.first() or Sealing(rolled=FIRST)
    check = _Check(so_far, tell)
    check.chains_hold()
    check.nothing_was_put_in()
    check.nothing_was_cut_off()
    check.days_hold(kept)
    return Verdict(check.events, check.chains, check.days, tuple(check.findings))


class _Check:
    """One look at everything up to where events were sealed when it began."""

    def __init__(self, so_far: Sealing, tell: Tell) -> None:
        self.so_far, self.tell = so_far, tell
        self.events = self.chains = self.days = 0
        self.findings: list[Finding] = []

    def chains_hold(self) -> None:
        """Follow every chain from its first event on."""
        chain, head = "", Head()
        for entry, name, number, digest in _sealed():
            if name != chain:
                chain, head = name, Head()
                self.chains += 1
            if number != head.number + 1:
                self.findings.append(Finding(Fault.REMOVED, name, entry.id))
            elif head.followed_by(entry).digest != digest or entry.chain != name:
                self.findings.append(Finding(Fault.CHANGED, name, entry.id))
            # From what was sealed, so that one fault is found once.
            head = Head(number, digest)
            self.events += 1
            if self.events % AT_A_TIME == 0:
                self.tell(self.events, self.so_far.seals)
        self.tell(self.events, max(self.events, self.so_far.seals))

    def nothing_was_put_in(self) -> None:
        """Look for events among the sealed ones that have no seal."""
        place = {"transaction": self.so_far.transaction, "event": self.so_far.event}
        asked = {**place, "made_up": MADE_UP, "count": MOST_SHOWN}
        found = sql.rows("incidents", "not_sealed", asked)
        self.findings += [Finding(Fault.PUT_IN, event=pk) for (pk,) in found]

    def nothing_was_cut_off(self) -> None:
        """Roll over all seals in the order of sealing; their end is kept in a row of its own.

        No seal may lie beyond it that it does not count.
        """
        whole, count = FIRST, 0
        for digest in _in_order(self.so_far):
            whole, count = rolled(whole, digest), count + 1
        [(made, told)] = sql.rows("incidents", "seals_counted", {})
        if whole != bytes(self.so_far.rolled) or count != self.so_far.seals or made != told:
            self.findings.append(Finding(Fault.CUT_OFF))

    def days_hold(self, kept: Mapping[date, bytes]) -> None:
        """Reckon each day's digest from the heads of that day."""
        last = None
        for one in DayDigest.objects.order_by("day"):
            before = bytes(last.digest) if last else FIRST
            digest = digest_of_day(before, one.day, heads_between(last, one))
            if digest != bytes(one.digest):
                self.findings.append(Finding(Fault.DAY, day=one.day))
            self.days += 1
            last = one
        made = dict(DayDigest.objects.filter(day__in=kept).values_list("day", "digest"))
        for day, digest in kept.items():
            if bytes(made.get(day, b"")) != digest:
                self.findings.append(Finding(Fault.KEPT, day=day))


def _sealed() -> Iterator[tuple[Entry, str, int, bytes]]:
    columns = (
        "id",
        "incident_id",
        "report_id",
        "kind",
        "at",
        "actor_id",
        "actor_kind",
        "reason",
        "data",
    )
    rows: Any = Seal.objects.order_by("chain", "number").values_list(
        "chain", "number", "digest", *(f"event__{column}" for column in columns)
    )
    for chain, number, digest, *facts in rows.iterator(AT_A_TIME):
        yield Entry(*facts), chain, number, bytes(digest)


def _in_order(so_far: Sealing) -> Iterator[bytes]:
    seals = Seal.objects.order_by("event__transaction", "event_id")
    place = (so_far.transaction, so_far.event)
    for digest, *at in seals.values_list("digest", "event__transaction", "event_id").iterator(
        AT_A_TIME
    ):
        if tuple(map(int, at)) > place:
            return
        yield bytes(digest)
