"""What the geocoder answers: candidates, how sure each is, and why. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from districts.territory import AreaRef
from gis_core.positions import Position


class Means(StrEnum):
    """How a candidate was found; the ``method`` of its Position is "geocoded"."""

    PIN = "pin"
    HOUSE = "house"
    INTERPOLATED = "interpolated"
    ALLEY = "alley"
    ALLEY_MOUTH = "alley_mouth"
    JUNCTION = "junction"
    STRETCH = "stretch"
    LANDMARK = "landmark"
    MILESTONE = "milestone"
    ASSET = "asset"
    STREET = "street"
    AREA = "area"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text and what it was taken for, for showing it to people."""

    text: str
    start: int
    end: int
    taken_for: str
    """house, alley, street, junction, landmark, area, pin …"""
    name: str
    """The name that it matched: "Lê Duẩn" for "Le Duan"."""
    closeness: float = 1.0
    """1 where it is written as the name is, less for a typo."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that the text may mean."""

    position: Position
    label: str
    """As people would write it: "34 Lê Duẩn, Phường Sài Gòn"."""
    means: Means
    confidence: float
    """0 to 1: the share of such answers that are right."""
    ward: AreaRef | None = None
    parts: tuple[Part, ...] = ()
    why: tuple[str, ...] = ()
    """Codes of what raised or lowered the confidence, with the words in ``geocoding/reasons``."""
    places: tuple[int, ...] = ()
    """Ids of the gazetteer's places that it rests on."""
    line: Any = None
    """A shapely line or polygon in WGS 84 where the text means a stretch or an area."""


@dataclass(frozen=True, slots=True)
class Geocoded:
    """The candidates, most likely first; none where the text names no place in the city."""

    text: str
    candidates: tuple[Candidate, ...]
    attributions: tuple[str, ...] = ()
    version: int = 0
    """The gazetteer's version: the same text and version give the same answer."""

    @property
    def best(self) -> Candidate | None:
        """The most likely candidate."""
        return self.candidates[0] if self.candidates else None
