"""GeoJSON (RFC 7946): WGS 84, longitude first; a whole FeatureCollection, or a feature a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import shapely

from incidents.exports.table import POINT, Row, Table, lonlat
from incidents.exports.writers.text_values import NOT_WHOLE, SAID, sayers

Feature = Callable[[Row], str]

BROKEN: Final = f"\n{NOT_WHOLE}\n".encode()


def pieces(table: Table) -> Iterator[bytes]:
    """Yield one FeatureCollection."""
    told = feature(table)
    yield f'{{"type":"FeatureCollection","name":{json.dumps(table.name)},"features":['.encode()
    before = "\n"
    for batch in table.batches:
        for_each = ",\n".join(told(row) for row in batch)
        yield (before + for_each).encode() if for_each else b""
        before = ",\n" if for_each else before
    yield b"\n]}\n"


def lines(table: Table) -> Iterator[bytes]:
    """Yield a feature a line, which can be read line by line (GeoJSONSeq, newline-delimited)."""
    told = feature(table)
    for batch in table.batches:
        yield "".join(f"{told(row)}\n" for row in batch).encode()


def feature(table: Table) -> Feature:
    """Return what writes a row as a feature; its ``id`` is the row's own, where it has one."""
    names = [field.name for field in table.fields]
    change = sayers(table.fields, SAID)
    shown = _point if table.shape == POINT else _shape

    def told(row: Row) -> str:
        *values, wkb = row
        for place, say in change:
            if values[place] is not None:
                values[place] = say(values[place])
        properties = dict(zip(names, values, strict=True))
        known = properties.get("id")
        number = f'"id":{json.dumps(known)},' if known is not None else ""
        written = json.dumps(properties, ensure_ascii=False, default=_plain)
        return f'{{"type":"Feature",{number}"geometry":{shown(wkb)},"properties":{written}}}'

    return told


def _point(wkb: bytes | None) -> str:
    if wkb is None:
        return "null"
    lon, lat = lonlat(wkb)
    return f'{{"type":"Point","coordinates":[{lon!r},{lat!r}]}}'


def _shape(wkb: bytes | None) -> str:
    return shapely.to_geojson(shapely.from_wkb(wkb)) if wkb else "null"


def _plain(value: Any) -> Any:  # noqa: ANN401  a number of numpy's
    return value.item()
