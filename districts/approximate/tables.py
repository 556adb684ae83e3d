"""The tables that the installed ``vietnamadminunits`` ships, read without importing it.

Importing it takes seconds and arms its address converter, which asks a server abroad; the tables
are a database file and a JSON file beside its code.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gis_core.errors import N_, DomainError
from gis_core.planes import forward

BARE_POINT_DEG = 0.0028
"""A box this small is what a geocoder gives around a point that it has no outline for."""
NEIGHBOURHOOD_DEG = 0.25


class NoTables(DomainError):
    """The library's tables are not there, or do not know the province."""

    code = "boundaries.no_tables"
    status = 500
    message = N_(
        'The tables of vietnamadminunits say nothing of "%(province)s". Install the locked '
        "requirements again, or fetch the real boundaries with fetch_boundaries."
    )


@dataclass(frozen=True, slots=True)
class Ward:
    """A new ward: its middle in metres of the plane, its official area."""

    code: str
    name: str
    kind: str
    x: float
    y: float
    area_m2: float


@dataclass(frozen=True, slots=True)
class Box:
    """A former ward's bounding box in metres, and the indexes of the wards that it went to.

    No successors: a ward of a neighbouring province, which only holds its ground.
    """

    x: float
    y: float
    half_width: float
    half_height: float
    successors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The library's rows: a province's wards of today, and every former ward, by code."""

    converter: Mapping[str, Any]
    """What went where."""
    merged: Sequence[str]
    """Keys of the former provinces that this one is made of."""
    present: Sequence[sqlite3.Row]
    former: Sequence[sqlite3.Row]


def province_tables(province: str, metric_srid: int) -> tuple[list[Ward], list[Box]]:
    """Return a province's wards by code, and the former wards in and around it. Raises NoTables."""
    tables = read_tables(province)
    wards = [_ward(row, metric_srid) for row in tables.present]
    keys = [row["wardKey"] for row in tables.present]
    successors = _successors(tables.converter, province, keys)
    return wards, _boxes(tables.former, tables.merged, successors, metric_srid)


def read_tables(province: str) -> Tables:
    """Return what the library says of a province. Raises NoTables."""
    folder = _folder(province)
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    merged = converter["DICT_PROVINCE"].get(province)
    if not merged:
        raise NoTables(province=province)
    with closing(sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)) as tables:
        tables.row_factory = sqlite3.Row
        present = tables.execute(
            "SELECT * FROM admin_units WHERE provinceKey = ? ORDER BY wardCode", [province]
        ).fetchall()
        former = tables.execute("SELECT * FROM admin_units_legacy ORDER BY wardCode").fetchall()
    return Tables(converter, merged, present, former)


def _folder(province: str) -> Path:
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise NoTables(province=province)
    return Path(spec.origin).parent / "data"


def _ward(row: sqlite3.Row, srid: int) -> Ward:
    x, y = forward(srid, row["wardLon"], row["wardLat"])
    area = row["wardAreaKm2"] * 1e6
    return Ward(row["wardCode"], row["wardShort"], row["wardType"], x, y, area)


def _successors(
    converter: Mapping[str, Any], province: str, keys: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """Return the indexes of the new wards of each former ward, by its key."""
    index = {key: number for number, key in enumerate(keys)}
    found: dict[str, list[int]] = defaultdict(list)
    for key, former in converter["DICT_PROVINCE_WARD_NO_DIVIDED"][province].items():
        for one in former:
            found[one].append(index[key])
    for one, parts in converter["DICT_PROVINCE_WARD_DIVIDED"][province].items():
        found[one].extend(index[part["newWardKey"]] for part in parts)
    return {one: tuple(sorted(set(numbers))) for one, numbers in found.items()}


def _boxes(
    rows: Iterable[sqlite3.Row],
    merged: Sequence[str],
    successors: Mapping[str, tuple[int, ...]],
    srid: int,
) -> list[Box]:
    """Return the boxes that can be used: the province's own, then those of its neighbours."""
    bounds = [(row, box) for row in rows if (box := _bounds(row))]
    own = [
        (box, successors.get(key_of(row), ()))
        for row, box in bounds
        if row["provinceKey"] in merged
    ]
    fit = [(box, after) for box, after in own if after and not _is_bare_point(box)]
    around = [box for row, box in bounds if row["provinceKey"] not in merged]
    frame = _frame([box for box, _ in fit])
    near = [box for box in around if _is_near(box, frame)]
    return [_box(box, after, srid) for box, after in fit] + [_box(box, (), srid) for box in near]


Bounds = tuple[float, float, float, float]


def _bounds(row: sqlite3.Row) -> Bounds | None:
    """Return west, south, east, north; of the district where it has no wards; None if unknown."""
    text = row["wardBounds"] or (row["districtBounds"] if not row["wardCode"] else None)
    if not text:
        return None
    low, high = text.split(" – ")
    south, west = map(float, low.split(","))
    north, east = map(float, high.split(","))
    return west, south, east, north


def key_of(row: sqlite3.Row) -> str:
    """Return how the library's converter names a former ward."""
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def _is_bare_point(bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return east - west < BARE_POINT_DEG and north - south < BARE_POINT_DEG


def _frame(boxes: Sequence[Bounds]) -> Bounds:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _is_near(one: Bounds, other: Bounds) -> bool:
    d = NEIGHBOURHOOD_DEG
    return (
        one[0] < other[2] + d
        and other[0] < one[2] + d
        and one[1] < other[3] + d
        and other[1] < one[3] + d
    )


def _box(bounds: Bounds, successors: tuple[int, ...], srid: int) -> Box:
    west, south, east, north = bounds
    left, bottom = forward(srid, west, south)
    right, top = forward(srid, east, north)
    return Box(
        x=(left + right) / 2,
        y=(bottom + top) / 2,
        half_width=max((right - left) / 2, 1.0),
        half_height=max((top - bottom) / 2, 1.0),
        successors=successors,
    )
