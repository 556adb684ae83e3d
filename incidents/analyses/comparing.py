"""Two runs over the same squares: where it became hot, where no more, where it stayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely

from incidents.analyses import files
from incidents.analyses.errors import NotComparable
from incidents.analyses.methods import terms
from incidents.analyses.place_names import place_names
from incidents.analyses.points import in_degrees
from incidents.analyses.results import Row
from incidents.models import Run

SAME: Final = ("method", "area", "parameters", "categories", "sectors", "statuses")
"""What two runs share that differ in their days alone."""
APPEARED, GONE, STAYED = "appeared", "gone", "stayed"
KEYS: Final = ["row", "column"]


def compared(before: Run, after: Run) -> Any:  # noqa: ANN401  a GeoDataFrame
    """Return the squares that are hot in either run, in the city's metres.

    Columns: ``row``, ``column``, ``kind`` (appeared, gone, stayed), ``value`` (by how many more
    incidents), ``count``, ``count_before``, ``spot`` (of the run in which it is hot). A square is
    hot that belongs to a line of its run's table. Raises NotComparable, NoResult.
    """
    import geopandas  # noqa: PLC0415  heavy

    if any(before.question[name] != after.question[name] for name in SAME):
        raise NotComparable
    old, new = files.layer(before.result), files.layer(after.result)
    if "row" not in new or "row" not in old:
        raise NotComparable
    sides = ("_before", "")
    both = old.merge(new.drop(columns="geometry"), on=KEYS, how="outer", suffixes=sides)
    shapes = new.set_index(KEYS).geometry.reindex(_index(both))
    both["geometry"] = both["geometry"].where(both["geometry"].notna(), shapes.to_numpy())
    was, now = both["spot_before"].fillna(0) > 0, both["spot"].fillna(0) > 0
    told = both[was | now].copy()
    told["kind"] = np.select([(was & now)[told.index], now[told.index]], [STAYED, APPEARED], GONE)
    for name in ("count", "count_before"):
        told[name] = told[name].fillna(0).astype(np.int64)
    told["value"] = told["count"] - told["count_before"]
    told["spot"] = told["spot"].where(now, told["spot_before"]).fillna(0).astype(np.int64)
    wanted = [*KEYS, "kind", "value", "count", "count_before", "spot", "geometry"]
    return geopandas.GeoDataFrame(told[wanted], crs=new.crs).reset_index(drop=True)


def _index(both: Any) -> Any:  # noqa: ANN401  pandas' frame and index
    return both.set_index(KEYS).index


def table(layer: Any) -> list[Row]:  # noqa: ANN401  a GeoDataFrame
    """Return a line a place that is hot in either run, the greatest change first."""
    lines = [_line(part, kind) for (kind, _), part in layer.groupby(["kind", "spot"], sort=True)]
    lines = sorted(lines, key=lambda one: (-abs(one["change"]), one["x"], one["y"]))
    lines = lines[: terms().ranked]
    if not lines:
        return []
    lons, lats = in_degrees(*(np.asarray([one[side] for one in lines]) for side in ("x", "y")))
    places = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
    return [
        {
            **{name: line[name] for name in ("kind", "count", "before", "change", "cells")},
            "rank": rank,
            "street": name.street,
            "ward": name.ward,
            "lon": round(lon, 6),
            "lat": round(lat, 6),
        }
        for rank, (line, (lon, lat), name) in enumerate(
            zip(lines, places, place_names(places, "vi"), strict=True), start=1
        )
    ]


def _line(part: Any, kind: str) -> Mapping[str, Any]:  # noqa: ANN401  a GeoDataFrame
    fullest = part.loc[(part["count"] + part["count_before"]).idxmax()]
    middle = shapely.centroid(fullest.geometry)
    now, then = int(part["count"].sum()), int(part["count_before"].sum())
    return {
        "kind": kind, "count": now, "before": then, "change": now - then, "cells": len(part),
        "x": float(middle.x), "y": float(middle.y),
    }  # fmt: skip
