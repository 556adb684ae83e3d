"""Rows that are closed and written anew where they changed, and left alone where they did not."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Reloaded:
    """How many rows a load wrote, superseded, closed and left alone."""

    new: int
    changed: int
    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class Plan(Generic[Key]):
    """Which keys are new, which say something else now, which are gone, which stay as they are."""

    new: tuple[Key, ...]
    changed: tuple[Key, ...]
    gone: tuple[Key, ...]
    kept: tuple[Key, ...]

    @property
    def closed(self) -> tuple[Key, ...]:
        """The keys whose current row is to be closed."""
        return self.changed + self.gone

    @property
    def written(self) -> tuple[Key, ...]:
        """The keys for which a row is to be written."""
        return self.new + self.changed

    def counted(self) -> Reloaded:
        """Return how many keys are in each."""
        return Reloaded(len(self.new), len(self.changed), len(self.gone), len(self.kept))


def plan(
    current: Mapping[Key, Content], wanted: Mapping[Key, Content], replaceable: frozenset[Key]
) -> Plan[Key]:
    """Compare what is stored with what is wanted; only ``replaceable`` keys may be gone.

    Each key is in exactly one of the four, those not wanted and not replaceable in none.
    """
    return Plan(
        new=tuple(key for key in wanted if key not in current),
        changed=tuple(key for key in wanted if key in current and current[key] != wanted[key]),
        gone=tuple(key for key in current if key not in wanted and key in replaceable),
        kept=tuple(key for key in wanted if key in current and current[key] == wanted[key]),
    )
