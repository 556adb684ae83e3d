"""The chain of digests over what happened: what is changed, removed or put in shows. Pure.

Every event is sealed by SHA-256 over the seal before it in its chain and over all that it says. A
day's digest goes over the digest of the day before and the heads of all chains that grew since.
Whoever can write to the database can make seals and digests anew; a day's digest kept elsewhere,
on paper or in a mailbox, shows that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

FIRST: Final = bytes(32)
"""Stands before the first event of a chain, and before the first day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is sealed."""

    id: int
    incident: int | None
    report: int | None
    kind: str
    at: datetime
    actor: int | None
    actor_kind: str
    reason: str
    data: Mapping[str, Any]

    @property
    def chain(self) -> str:
        """The chain it belongs to: its incident's, else its report's, else the service's own."""
        if self.incident:
            return f"i{self.incident}"
        return f"r{self.report}" if self.report else "s"

    def body(self) -> bytes:
        """Return all that it says, in one form: JSON, keys sorted, UTC, no blanks, UTF-8."""
        said = [
            self.id, self.incident, self.report, self.kind,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor, self.actor_kind, self.reason, self.data,
        ]  # fmt: skip
        return json.dumps(
            said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        ).encode()


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a chain."""

    number: int = 0
    digest: bytes = FIRST

    def followed_by(self, entry: Entry) -> Head:
        """Return the head after one more event."""
        return Head(self.number + 1, hashlib.sha256(self.digest + entry.body()).digest())


def rolled(before: bytes, seal: bytes) -> bytes:
    """Return the digest over all seals in the order of sealing, after one more."""
    return hashlib.sha256(before + seal).digest()


def digest_of_day(before: bytes, day: date, heads: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the digest of a day from that of the day before and the heads of (chain, seal)."""
    whole = hashlib.sha256(before + day.isoformat().encode())
    for chain, head in sorted(heads):
        whole.update(f"{chain} ".encode() + head)
    return whole.digest()
