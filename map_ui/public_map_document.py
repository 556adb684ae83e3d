"""What everybody sees on the map, under its filters, as a map to keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import gettext

from districts import city, rulebook
from districts.explanation import area_name
from districts.outlines import ward_edition, ward_outlines
from incidents.filters import Filters
from incidents.map_counts import Listed, MapCounts, map_counts, newest
from map_ui import catalogue, figure_words, statuses, ward_measures
from map_ui.documents.grading import UNKNOWN, graded
from map_ui.documents.making import made_today
from map_ui.documents.map_document import (
    Heat,
    Layer,
    MapDocument,
    Mark,
    Marks,
    Place,
    Shaded,
    Shape,
    Step,
)
from map_ui.street_ground import with_streets
from map_ui.ward_choices import ward_names

MOST_CELLS: Final = 20_000
MOST_LISTED: Final = 5_000
"""More incidents than this are counted, and not listed one by one."""
DEGREE_M: Final = 111_320
"""Metres in a degree at the equator, where it is longest."""
HEAT, BY_WARD, CLUSTERS, LISTED = "heat", "shading", "clusters", "incidents"
LAYERS: Final = (BY_WARD, HEAT, CLUSTERS, LISTED)
"""As the map's page calls them; groups and single incidents are one layer here."""


def document(
    filters: Filters, shown: Collection[str] = (HEAT,), *, measure: str = ward_measures.COUNT
) -> MapDocument:
    """Return the map of what everybody may see, whoever asks, in the language that is active.

    ``shown``: of ``LAYERS``, those that are visible at once; the others wait in the file.
    ``measure``: what wards are coloured by, of those that ``ward_measures`` offers.
    """
    counts = map_counts(filters, most_cells=MOST_CELLS)
    drawn = MapDocument(
        title=gettext("Incidents in %(city)s") % {"city": city.current().called(_spoken())},
        about=_about(counts),
        layers=(_by_ward(counts, BY_WARD in shown, measure), *_layers(filters, counts, shown)),
        source=source(gettext("Source: Wardwise, public incidents")),
        made=made_today(),
        language=_spoken(),
        parameters=_parameters(filters),
        notes=_notes(counts, measure),
        places=places(),
        box=filters.box,
    )
    return with_streets(drawn)


def _layers(filters: Filters, counts: MapCounts, shown: Collection[str]) -> tuple[Layer, ...]:
    wide_m = counts.wide * DEGREE_M
    cells = Heat(gettext("Heat"), counts.cells, gettext("incidents"), HEAT in shown, wide_m)
    layers: list[Layer] = [cells]
    if 0 < counts.total <= MOST_LISTED:
        marks = tuple(_mark(one) for one in newest(filters, MOST_LISTED))
        layers.append(
            Marks(
                gettext("Incidents one by one"), marks, shown=bool({CLUSTERS, LISTED} & set(shown))
            )
        )
    return tuple(layers)


def _by_ward(counts: MapCounts, shown: bool, measure: str) -> Shaded:  # noqa: FBT001
    values = ward_measures.measured(counts.wards, measure)
    wards = [one for one in ward_outlines() if one.ward.code in values]
    told = graded([values[one.ward.code] for one in wards], places=ward_measures.places(measure))
    many = [counts.wards.get(one.ward.code, 0) for one in wards]
    shapes = (
        Shape(one.shape, step, f"{area_name(one.ward, _spoken())}: {figure_words.whole(count)}")
        for one, step, count in zip(wards, told.of, many, strict=True)
    )
    unit = str(ward_measures.UNITS[measure])
    rest = tuple(_not_known(counts, measure, len(told.steps)))
    steps = (*told.steps, Step(gettext("not known"), UNKNOWN, hatched=True)) if rest else told.steps
    return Shaded(gettext("By ward"), steps, (*shapes, *rest), unit, shown)


def _not_known(counts: MapCounts, measure: str, step: int) -> Iterator[Shape]:
    codes = set(ward_measures.not_known(measure))
    for one in ward_outlines():
        if one.ward.code in codes:
            count = figure_words.whole(counts.wards.get(one.ward.code, 0))
            said = f"{area_name(one.ward, _spoken())}: {count} ({gettext('not known')})"
            yield Shape(one.shape, step, said)


def _mark(one: Listed) -> Mark:
    day = formats.date_format(timezone.localtime(one.opened), "SHORT_DATE_FORMAT")
    name = catalogue.category(one.category)["name"]
    said = f"{name} {one.id}\n{statuses.MARKS[one.status].name}\n{day}"
    return Mark(one.lon, one.lat, said)


def places() -> tuple[Place, ...]:
    """Return the wards of today as the ground of any map."""
    return tuple(
        Place(area_name(one.ward, _spoken()), one.shape, one.label_at) for one in ward_outlines()
    )


def _about(counts: MapCounts) -> str:
    told = gettext(
        "%(count)s incidents that everybody may see. Where little is reported there need not be "
        "little wrong."
    )
    return told % {"count": figure_words.whole(counts.total)}


def source(numbers: str) -> str:
    """Return where numbers, as told, and boundaries come from."""
    edition = ward_edition()
    wards = gettext("boundaries: %(edition)s") % {"edition": edition.name} if edition else ""
    return "; ".join(filter(None, (numbers, wards)))


def _notes(counts: MapCounts, measure: str) -> tuple[str, ...]:
    notes = [gettext("Incidents of sensitive categories are not on this map.")]
    outside = counts.total - sum(counts.wards.values())
    if outside:
        told = gettext("%(count)s lie in no ward of today and are not among the wards' numbers.")
        notes.append(told % {"count": figure_words.whole(outside)})
    notes += ward_measures.notes(measure)
    if counts.total > MOST_LISTED:
        told = gettext("Up to %(most)s incidents are also shown one by one; here there are more.")
        notes.append(told % {"most": figure_words.whole(MOST_LISTED)})
    return tuple(notes)


def _parameters(filters: Filters) -> tuple[tuple[str, str], ...]:
    everything = gettext("all")
    groups = catalogue.sectors(public_only=True)
    sectors = [one["name"] for one in groups if one["code"] in filters.sectors]
    book = rulebook.current()
    known = [one for one in book.categories if one in filters.categories]
    categories = [catalogue.category(code)["name"] for code in known]
    standing = [str(one.name) for one in statuses.MARKS.values() if one.code in filters.statuses]
    agencies = book.topmost_agencies(filters.agencies)
    answering = [book.agency(code).in_language(_spoken()) for code in agencies]
    told = [(gettext("Period"), _period(filters.since, filters.until) or everything)]
    told += [
        (name, _listed(words))
        for name, words in (
            (gettext("Sectors"), sectors),
            (gettext("Categories"), categories),
            (gettext("Status"), standing),
            (gettext("Agency"), answering),
            (gettext("Ward of today"), ward_names(sorted(filters.wards), _spoken())),
        )
        if words
    ]
    if filters.box:
        told.append((gettext("Area"), ", ".join(f"{degree:.4f}" for degree in filters.box)))
    return tuple(told)


def _period(since: date | None, until: date | None) -> str:
    def day(one: date) -> str:
        return formats.date_format(one, "SHORT_DATE_FORMAT")

    if since and until:
        return f"{day(since)} – {day(until)}"
    if since:
        return gettext("from %(day)s on") % {"day": day(since)}
    return gettext("until %(day)s") % {"day": day(until)} if until else ""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _spoken() -> str:
    return catalogue.language()
