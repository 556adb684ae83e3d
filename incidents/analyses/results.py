"""What came of a question: places with their geometry, a ranked table, a series, facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GATHERED, RECKONED, NAMED = 0.4, 0.8, 0.95
"""What is done of a run when its incidents are read, the method is through, places have names."""
Fact = float | int | str
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a reader must know; ``facts`` fill its sentence (``words.WARNINGS``)."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the legend: a class by its word, or from ``low`` to ``high``."""

    code: str
    places: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """``layer``: a GeoDataFrame in the city's metric CRS, a row a place.

    Its columns: ``kind`` (class), ``value``, ``count``, ``spot`` (the line of the table
    that it belongs to, 0 for none), and the method's own. ``table``: lines
    as ``rank, street, ward, lon, lat, value, count, …``. ``series``: incidents by stretches of
    time: ``step`` (day, week, month), ``days``, ``counts``.
    """

    layer: Any
    table: Sequence[Row]
    series: Mapping[str, Any]
    facts: Mapping[str, Fact]
    legend: Sequence[Step]
    warnings: Sequence[Warned] = ()

    def told(self) -> dict[str, Any]:
        """Return all but the layer, as JSON keeps it."""
        return {
            "facts": dict(self.facts),
            "table": [dict(row) for row in self.table],
            "series": dict(self.series),
            "legend": [
                {"code": one.code, "places": one.places, "low": one.low, "high": one.high}
                for one in self.legend
            ],
            "warnings": [{"code": one.code, "facts": dict(one.facts)} for one in self.warnings],
        }
