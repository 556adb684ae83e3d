"""Shapes as one small SVG: it needs no script, no tile server and no network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import cast

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db.models import F, Func, Model, QuerySet, Value
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from districts import city, rulebook
from districts.models import Area

WIDTH = 640
TALLEST = 520
MARGIN = 0.08
METRES_PER_DEGREE = 111_320
MOST_SHAPES = 400
COARSE = 0.0005
"""Degrees, of many shapes together."""
FAR_OFF = 6
"""Times the usual distance from the middle."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to the picture's pixels, true to scale at its middle latitude."""

    west: float
    north: float
    across: float
    """Pixels per degree of longitude."""
    up: float
    height: float

    def point(self, lon: float, lat: float) -> str:
        return f"{(lon - self.west) * self.across:.1f},{(self.north - lat) * self.up:.1f}"

    def box(self) -> Polygon:
        east = self.west + WIDTH / self.across
        south = self.north - self.height / self.up
        return Polygon.from_bbox((self.west, south, east, self.north))

    def metres(self) -> float:
        """Width of the picture on the ground."""
        return WIDTH / self.up * METRES_PER_DEGREE


def simplified(rows: QuerySet[Model], tolerance: float) -> list[GEOSGeometry]:
    """Return the shapes of rows with a column ``shape``, without what a picture cannot show."""
    thinner = Func(
        F("shape"),
        Value(tolerance),
        function="ST_SimplifyPreserveTopology",
        output_field=GeometryField(srid=4326),
    )
    chosen = rows.order_by("pk").annotate(thin=thinner)
    return list(chosen.values_list("thin", flat=True)[:MOST_SHAPES])


def picture(shapes: Sequence[GEOSGeometry], label: str, *, among_wards: bool = True) -> SafeString:
    """Return the shapes (WGS 84) as an SVG called ``label``, the wards around them in grey."""
    if not shapes:
        return SafeString("")
    frame = _frame(shapes)
    around = _wards(frame) if among_wards else []
    return format_html(
        '<svg class="shape-map" role="img" aria-label="{}" viewBox="0 0 {} {}">'
        '<g class="around">{}</g><g class="shape">{}</g>{}</svg>',
        label,
        WIDTH,
        round(frame.height),
        _paths(around, frame),
        _paths(shapes, frame),
        _scale(frame),
    )


def shaded(rows: QuerySet[Model], shades: Mapping[int, tuple[str, str]], label: str) -> SafeString:
    """Return the shapes of rows as an SVG called ``label``, among the wards in grey.

    ``shades`` holds by primary key a shape's class, and what it is called. What lies far off the
    others, an island, is left out, for it would make all others small.
    """
    chosen = rows.filter(pk__in=shades).order_by("pk")
    shapes = dict(
        zip(chosen.values_list("pk", flat=True), simplified(chosen, COARSE), strict=False)
    )
    if not shapes:
        return SafeString("")
    frame = _frame(_together(list(shapes.values())))
    parts = ((shades[pk][0], _outline(shape, frame), shades[pk][1]) for pk, shape in shapes.items())
    drawn = format_html_join("", '<path class="{}" d="{}"><title>{}</title></path>', parts)
    return format_html(
        '<svg class="shape-map" role="img" aria-label="{}" viewBox="0 0 {} {}">'
        '<g class="around">{}</g><g class="shades">{}</g>{}</svg>',
        label,
        WIDTH,
        round(frame.height),
        _paths(_wards(frame), frame),
        drawn,
        _scale(frame),
    )


def _together(shapes: Sequence[GEOSGeometry]) -> list[GEOSGeometry]:
    """Return the shapes but those that lie many times further from the middle than most."""
    boxes = [shape.extent for shape in shapes]
    middles = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in boxes]
    middle = (median(x for x, _ in middles), median(y for _, y in middles))
    far = [math.dist(one, middle) for one in middles]
    limit = FAR_OFF * max(median(far), 1e-3)
    return [shape for shape, metres in zip(shapes, far, strict=True) if metres <= limit]


def _frame(shapes: Sequence[GEOSGeometry]) -> _Frame:
    boxes = [shape.extent for shape in shapes]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max(east - west, 1e-4) * squeeze, max(north - south, 1e-4)
    up = (1 - 2 * MARGIN) * min(WIDTH / wide, TALLEST / high)
    height = max(high * up / (1 - 2 * MARGIN), WIDTH / 4)
    across = up * squeeze
    return _Frame(
        west=(west + east) / 2 - WIDTH / across / 2,
        north=(south + north) / 2 + height / up / 2,
        across=across,
        up=up,
        height=height,
    )


def _wards(frame: _Frame) -> list[GEOSGeometry]:
    here = city.current()
    book = rulebook.current()
    edition = book.in_force_or_former(here.territory, here.ward_level, timezone.localdate())
    if edition is None:
        return []
    near = Area.objects.filter(edition_id=edition.id, shape__bboverlaps=frame.box())
    return simplified(near, 1 / frame.across)


def _paths(shapes: Iterable[GEOSGeometry], frame: _Frame) -> SafeString:
    drawn = ((_outline(shape, frame),) for shape in shapes)
    return format_html_join("", '<path d="{}"/>', drawn)


def _outline(shape: GEOSGeometry, frame: _Frame) -> str:
    return "".join(
        "M" + "L".join(frame.point(lon, lat) for lon, lat, *_ in ring.coords) + "Z"
        for polygon in _polygons(shape)
        for ring in polygon
    )


def _polygons(shape: GEOSGeometry) -> Iterator[Polygon]:
    if isinstance(shape, Polygon):
        yield shape
    elif isinstance(shape, MultiPolygon):
        yield from cast("Iterable[Polygon]", shape)


def _scale(frame: _Frame) -> SafeString:
    """Return a bar of a round length, about a quarter of the picture."""
    target = frame.metres() / 4
    power = 10 ** math.floor(math.log10(target))
    metres = max(step * power for step in (1, 2, 5) if step * power <= target)
    long = metres / frame.metres() * WIDTH
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    low = frame.height - 12
    return format_html(
        '<g class="scale"><path d="M12,{} V{} H{} V{}"/><text x="16" y="{}">{}</text></g>',
        f"{low - 6:.0f}", f"{low:.0f}", f"{12 + long:.0f}", f"{low - 6:.0f}", f"{low - 10:.0f}",
        said,
    )  # fmt: skip
