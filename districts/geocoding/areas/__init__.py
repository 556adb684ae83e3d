"""Which wards and districts, of any time, a text means; which ward a point lies in."""

from districts.geocoding.areas.book import AreaBook, kept, known, ward_at
from districts.geocoding.areas.combining import Reading, common_ground
from districts.geocoding.areas.known import KnownArea, Plot, Successor
from districts.geocoding.areas.meaning import AreaReading, meant
from districts.geocoding.areas.naming import named

__all__ = [
    "AreaBook",
    "AreaReading",
    "KnownArea",
    "Plot",
    "Reading",
    "Successor",
    "common_ground",
    "kept",
    "known",
    "meant",
    "named",
    "ward_at",
]
