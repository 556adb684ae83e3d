"""Plain values for what a pin lies in: what placement answers and routing reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis_core.positions import Position


class How(StrEnum):
    """How a pin came to its ward."""

    INSIDE = "inside"
    EDGE = "edge"
    """On a shared edge, to the last bit: the smaller code was taken."""
    SLIVER = "sliver"
    """In a gap between wards: the nearest within the tolerance was taken."""
    UNCOVERED = "uncovered"
    """No ward edition covers the date."""


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An area as placement found it."""

    id: int
    level: str
    code: str
    name: str
    kind: str
    edition: str
    committee: str | None
    """Code of the agency that is the area's committee."""
    former: bool = False
    """True when no edition of this level is in force: this was the area before."""
    approximate: bool = False

    @property
    def full_name(self) -> str:
        """The name as people say it: "Phường Sài Gòn"."""
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class AssetRef:
    """An asset that covers the pin, or part of its circle."""

    id: int
    kind: str
    code: str
    name: str
    owner: str | None
    maintainer: str | None
    """Code of the maintainer under contract on the day; None where no contract holds."""


@dataclass(frozen=True, slots=True)
class ServiceAreaRef:
    """A service area that covers the pin, or part of its circle."""

    id: int
    agency: str
    name: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What covers one point: everything a rule may ask about a place."""

    ward: AreaRef | None
    district: AreaRef | None
    assets: tuple[AssetRef, ...] = ()
    service_areas: tuple[ServiceAreaRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the position's circle with the same surroundings throughout; shares sum to 1."""

    share: float
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class Placement:
    """The spatial join's answer for one position on one day."""

    position: Position
    on: date
    here: Surroundings
    """What covers the position itself."""
    how: How
    margin_m: float | None
    """Metres to the border of the ward; None where there is no ward."""
    shares: tuple[Share, ...]
    """The circle, cut by everything that crosses it; one share of 1.0 where nothing does."""
    version: int
    """The catalogue's version that was read."""
