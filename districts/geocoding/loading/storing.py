"""Places into the database: the new and changed are written, the gone removed, in one turn."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from districts.geocoding.keys import initials, place_key
from districts.geocoding.loading.assembling import Assembly
from districts.geocoding.loading.features import GazetteerFacts, Name, PlaceRecord
from districts.geocoding.typos import deletions
from districts.loading.journal import record_change, take_turn
from districts.loading.superseding import Plan, Reloaded, plan
from districts.models import Gazetteer, NameUse, PlaceKind
from gis_core import sql
from gis_core.names import folded
from gis_core.positions import WGS84

SQL = "districts.geocoding"
NULL = r"\N"
TYPO_KINDS = frozenset({PlaceKind.STREET, PlaceKind.LANDMARK, PlaceKind.JUNCTION, PlaceKind.STOP})


def is_stored(code: str, fingerprint: str) -> bool:
    """Tell whether the gazetteer stands as files with this fingerprint left it."""
    return Gazetteer.objects.filter(code=code, fingerprint=fingerprint).exists()


def store(
    facts: GazetteerFacts,
    assembly: Assembly,
    *,
    fingerprint: str,
    actor: str,
) -> Reloaded:
    """Bring the gazetteer to these places; rows that stayed as they were keep their ids."""
    records = assembly.records
    wanted = {record.reference: _fingerprint(record) for record in records}
    with transaction.atomic():
        take_turn()
        gazetteer, _ = Gazetteer.objects.update_or_create(code=facts.code, defaults=_facts(facts))
        known = {
            reference: (pk, mark)
            for pk, reference, mark in gazetteer.places.values_list(
                "pk", "reference", "fingerprint"
            )
        }
        current = {reference: mark for reference, (_, mark) in known.items()}
        changes = plan(current, wanted, frozenset(current))
        ids = {reference: pk for reference, (pk, _) in known.items()}
        _remove([ids[reference] for reference in changes.closed])
        _write(gazetteer, records, changes, ids, wanted)
        if changes.closed or changes.written:
            _write_crossings(gazetteer, assembly, ids)
            sql.run(SQL, "analyse", {})
        _record(gazetteer, changes, fingerprint, actor)
    return changes.counted()


def _facts(facts: GazetteerFacts) -> dict[str, str]:
    return {
        "title": facts.title,
        "attribution": facts.attribution,
        "licence": facts.licence,
        "source": facts.source,
    }


def _record(gazetteer: Gazetteer, changes: Plan[str], fingerprint: str, actor: str) -> None:
    done = changes.counted()
    before = gazetteer.fingerprint
    gazetteer.fingerprint = fingerprint
    gazetteer.save(update_fields=["fingerprint", "loaded_at"])
    if changes.closed or changes.written:
        after: dict[str, object] = {
            "fingerprint": fingerprint,
            "places": done.new + done.changed + done.kept,
            "new": done.new,
            "changed": done.changed,
            "gone": done.gone,
        }
        record_change("gazetteer", gazetteer.code, {"fingerprint": before}, after, actor)


def _fingerprint(record: PlaceRecord) -> str:
    """Return a number for all that is stored of a place, the keys of its names included."""
    facts = (record.kind.value, record.sort, record.name, record.weight, record.number)
    said = repr((facts, record.street_key, list(_names(0, record))))
    return hashlib.md5(said.encode() + record.shape.wkb, usedforsecurity=False).hexdigest()


def _remove(ids: Sequence[int]) -> None:
    for name in ("delete_crossings", "delete_names", "delete_places"):
        sql.run(SQL, name, {"places": list(ids)})


def _write(
    gazetteer: Gazetteer,
    records: Sequence[PlaceRecord],
    changes: Plan[str],
    ids: dict[str, int],
    marks: Mapping[str, str],
) -> None:
    """Write the new and changed places; ``ids`` gets those of the new."""
    fresh = iter(sql.rows(SQL, "next_places", {"count": len(changes.new)}))
    ids.update((reference, next(fresh)[0]) for reference in changes.new)
    written = frozenset(changes.written)
    rows = [record for record in records if record.reference in written]
    _copy(
        "copy_places",
        ((ids[one.reference], gazetteer.pk, *_row(one), marks[one.reference]) for one in rows),
    )
    _copy("copy_names", (row for one in rows for row in _names(ids[one.reference], one)))


def _row(record: PlaceRecord) -> tuple[object, ...]:
    return (
        record.reference,
        record.kind.value,
        record.sort[:80],
        record.name,
        record.number,
        record.street_key,
        _ewkb(record.shape),
        _ewkb(label_point(record.shape)),
        record.weight,
    )


def label_point(shape: BaseGeometry) -> shapely.Point:
    """Return a point on the shape: of a line the one nearest to its middle."""
    if shapely.get_dimensions(shape) == 1:
        return shapely.Point(shapely.shortest_line(shape, shape.centroid).coords[0])
    return shapely.point_on_surface(shape)


def _ewkb(shape: BaseGeometry) -> str:
    return shapely.to_wkb(shapely.set_srid(shape, WGS84), hex=True, include_srid=True)


def _names(place: int, record: PlaceRecord) -> Iterable[tuple[object, ...]]:
    for name in (*record.names, *_short(record)):
        if key := place_key(name.name):
            yield (
                place,
                name.name,
                folded(name.name)[:250],
                key,
                _array(key if record.kind in TYPO_KINDS and name.use != NameUse.SHORT else ""),
                name.use.value,
                name.valid_from or NULL,
                name.valid_to or NULL,
            )


def _short(record: PlaceRecord) -> Iterable[Name]:
    """Return the initials of a street's names: people write NTMK for Nguyễn Thị Minh Khai."""
    if record.kind != PlaceKind.STREET:
        return []
    written = {initials(name.name).upper() for name in record.names if name.use != NameUse.ENGLISH}
    return [Name(short, NameUse.SHORT) for short in sorted(written) if short]


def _array(key: str) -> str:
    return "{" + ",".join(str(number) for number in deletions(key)) + "}"


def _write_crossings(gazetteer: Gazetteer, assembly: Assembly, ids: Mapping[str, int]) -> None:
    sql.run(SQL, "delete_crossings_of", {"gazetteer": gazetteer.pk})
    places = [ids[record.reference] for record in assembly.records]
    _copy(
        "copy_crossings",
        (
            (*sorted((places[one], places[other])), _ewkb(point))
            for one, other, point in assembly.met
        ),
    )


def _copy(name: str, rows: Iterable[Sequence[object]]) -> None:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    lines.seek(0)
    sql.copy(SQL, name, lines)
