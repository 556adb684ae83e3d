"""What a mention may mean, before one place is chosen among all."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from districts.geocoding.areas import AreaReading
from districts.geocoding.found import Means
from districts.geocoding.parsed import Mention, Parsed
from districts.geocoding.resolving.ground import Ground
from districts.geocoding.resolving.matching import Match, Matcher
from districts.geocoding.resolving.plane import XY, Plane
from districts.geocoding.resolving.settings import Settings
from districts.geocoding.resolving.street import Streets


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that a mention may mean. ``fit`` is the log of how well; 0 is without a flaw."""

    mention: Mention
    at: XY
    means: Means
    label: str
    fit: float
    near: float = 1.0
    """If it is this street or landmark: the chance that the place lies near ``at``."""
    spread_m: float = 0.0
    """Metres around ``at`` that hold four fifths of the chance."""
    matches: tuple[Match, ...] = ()
    why: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    line: BaseGeometry | None = None
    """In metres."""


@dataclass(frozen=True, eq=False)
class Text:
    """A parsed text with all that is asked while it is resolved."""

    parsed: Parsed
    areas: AreaReading
    ground: Ground
    matcher: Matcher
    streets: Streets
    plane: Plane
    centre: XY
    settings: Settings
    notes: dict[str, object] = field(default_factory=dict)
