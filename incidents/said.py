"""What somebody says with an act: reason, words, photos, where they stood, a promise. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from gis_core.positions import LonLat, Position
from incidents.report import CleanPhoto


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Where somebody stood when they said it, and within how many metres that is known.

    Raises BadAccuracy.
    """

    lonlat: LonLat
    accuracy_m: float = 0.0

    def __post_init__(self) -> None:
        Position(self.lonlat, self.accuracy_m)


@dataclass(frozen=True, slots=True)
class Said:
    """What an actor says with a step, and which state of the incident was before their eyes."""

    reason: str = ""
    """A code of the step's closed list."""
    words: str = ""
    version: int | None = None
    photos: tuple[CleanPhoto, ...] = ()
    check_in: CheckIn | None = None
    promised: date | None = None
    """The day by which it will be done, where the limit has passed."""

    @property
    def sentence(self) -> str:
        """The words as an event keeps them."""
        return self.words.strip()[:300]


NOTHING_SAID: Final = Said()


@dataclass(frozen=True, slots=True)
class Part:
    """What one agency gets of an incident that is split; "" keeps the category."""

    agency: str
    category: str = ""
    words: str = ""
