"""The stored history as cases, in the order of their times; and what it teaches as a whole.

However long it is, only a page of it is in memory at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db.models import F, FloatField, Func, Max, Min, Q, QuerySet

from gis_core import sql
from gis_core.names import folded
from gis_core.positions import LonLat
from incidents.duplicates import terms as numbers
from incidents.duplicates import wording
from incidents.duplicates.coarseness import LONGEST, Shared, cell_m, knowing_cells
from incidents.duplicates.comparing import as_unsigned, asset_of, reporter_of
from incidents.duplicates.default_points import Point, is_default, point
from incidents.duplicates.history import Learnt
from incidents.duplicates.likeness import Case
from incidents.duplicates.rarities import weights
from incidents.models import Incident, Membership, Photo, Report
from incidents.visibility import HIDDEN

SAMPLE: Final = 10_000
"""Reports that say what words weigh, and how positions were cut."""
SHARED_BY: Final = 5
"""From so many incidents on a point may be one that many things share."""
PAGE: Final = 2_000
_COLUMNS = (
    "report_id", "incident_id", "incident__category_id", "lon", "lat",
    "incident__accuracy_m", "incident__opened_at", "incident__closed_at", "own_lon", "own_lat",
    "report__accuracy_m", "report__reported_at", "report__text", "report__address",
    "report__contact__phone", "report__contact__email", "incident__decision__inputs__here__assets",
)  # fmt: skip


def _axis(name: str, position: str) -> Func:
    return Func(F(position), function=f"ST_{name}", output_field=FloatField())


_PLACES = {
    # As numbers: a geometry for each row would cost more than all else that is read.
    "lon": _axis("X", "incident__position"), "lat": _axis("Y", "incident__position"),
    "own_lon": _axis("X", "report__position"), "own_lat": _axis("Y", "report__position"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A stored report as a case, whose id is the report's, and the incident it is in."""

    case: Case
    incident: int


@dataclass(frozen=True, slots=True)
class Span:
    """Which reports: up to an id, from a moment on, with what was still open not long before."""

    newest: int
    alive_at: datetime | None = None


def newest_report() -> int:
    """Return the id up to which there are reports; 0 where there are none."""
    return Report.objects.aggregate(newest=Max("pk"))["newest"] or 0


def count(span: Span) -> int:
    """Return how many reports there are to take."""
    return _rows(span).count()


def history(span: Span, after: tuple[datetime, int] | None = None) -> Iterator[Told]:
    """Yield the reports of incidents that count in time order, from (time, id) ``after`` on."""
    rows = _rows(span).order_by("report__reported_at", "report_id")
    if after:
        later = Q(report__reported_at=after[0], report_id__gt=after[1])
        rows = rows.filter(Q(report__reported_at__gt=after[0]) | later)
    read = rows.annotate(**_PLACES).values_list(*_COLUMNS).iterator(PAGE)
    while page := list(islice(read, PAGE)):
        hashes = _hashes([row[0] for row in page])
        for row in page:
            yield _told(row, hashes)


def learnt(span: Span) -> Learnt:
    """Return what the stored history teaches; the table of confused categories is the city's."""
    step = max(span.newest // SAMPLE, 1)
    sample = Report.objects.annotate(rest=F("pk") % step).filter(pk__lte=span.newest, rest=0)
    said = sample.order_by("pk").values_list("category_id", "text", "position")
    rows = list(said[: 2 * SAMPLE])
    cut = cell_m([LonLat(place.x, place.y) for _, _, place in rows if place])
    at = _crowded()
    defaults = frozenset(place for place, kinds in at.items() if is_default(kinds))
    return Learnt(
        knowing_cells(numbers.current(), cut), defaults, _shared(at),
        weights((category, text) for category, text, _ in rows),
    )  # fmt: skip


def _rows(span: Span) -> QuerySet[Membership]:
    rows = Membership.objects.filter(to_event=None, report_id__lte=span.newest)
    rows = rows.exclude(incident__status__in=HIDDEN)
    if span.alive_at:
        alive = Q(incident__closed_at=None) | Q(incident__closed_at__gte=span.alive_at)
        rows = rows.filter(alive)
    return rows


def _hashes(reports: Sequence[int]) -> Mapping[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    rows = Photo.objects.filter(report__in=reports).exclude(phash=None).order_by("pk")
    for report, phash in rows.values_list("report_id", "phash"):
        found[report].append(as_unsigned(phash or 0))
    return found


def _told(row: Sequence[Any], hashes: Mapping[int, list[int]]) -> Told:
    (report, incident, category, lon, lat, accuracy, opened, closed, own_lon, own_lat, own_accuracy,
     reported, text, address, phone, email, assets) = row  # fmt: skip
    # The first report stands where an office says that the thing is.
    if own_lon is not None and reported > opened:
        lon, lat, accuracy = own_lon, own_lat, own_accuracy
    case = Case(
        id=str(report),
        category=category,
        lonlat=LonLat(lon, lat),
        accuracy_m=accuracy,
        opened=reported,
        closed=closed,
        words=wording.words(text),
        address=folded(address),
        photo_hashes=tuple(hashes.get(report, ())),
        asset=asset_of([f"{one['kind']}:{one['code']}" for one in assets or ()]),
        reporter=reporter_of(phone or "", email or ""),
    )
    return Told(case, incident)


def _crowded() -> dict[Point, Counter[str]]:
    at: defaultdict[Point, Counter[str]] = defaultdict(Counter)
    for lon, lat, category, many in sql.rows("incidents", "crowded_points", {"least": SHARED_BY}):
        at[point(LonLat(lon, lat))][category] += many
    return dict(at)


def _shared(at: dict[Point, Counter[str]]) -> Shared:
    times = Incident.objects.aggregate(first=Min("opened_at"), last=Max("opened_at"))
    span = max(times["last"] - times["first"], LONGEST) if times["first"] else LONGEST
    reports: Counter[str] = Counter()
    standing = {}
    longest = LONGEST / timedelta(days=1)
    for category, many, days in sql.rows("incidents", "standing", {"longest": longest}):
        reports[category] = many
        standing[category] = timedelta(days=days) / span
    return Shared(at, reports, standing)
