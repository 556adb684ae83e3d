"""Two runs of one analysis over two periods: what newly stands out, what no more, what still does.

What is the same place in both is told by the method's form:

* squares (``cells``): the same square of the grid. It stands out where it belongs to a line of its
  run's table.
* stretches of street (``lines``): the same stretch, by its shape; incidents for each km in both. It
  stands out where it has clearly more than the whole network. Streets that were loaded, moved or
  cut between the runs have no counterpart, and count as without incidents there.
* assets (``assets``): the same asset, by kind and code. It stands out where it failed clearly more
  often than its kind. An asset that a run did not tell failed fewer times than asked for: how many
  is not known, and so neither is the change.
* clusters (``areas``): one of the later run is new where its outline shares no ground with any of
  the earlier run, one of the earlier run is gone where it shares none with any of the later; else a
  cluster stays, and is held against all clusters before whose outline it shares ground with. Two
  clusters that grew out of one are both held against that one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import shapely

from incidents.analyses import files, question
from incidents.analyses.errors import NotComparable
from incidents.analyses.methods import terms
from incidents.analyses.place_names import place_names
from incidents.analyses.points import in_degrees
from incidents.analyses.results import Row
from incidents.models import Run

SAME: Final = (
    "method", "area", "parameters", "categories", "sectors", "statuses", "control",
    *question.CHOICES,
)  # fmt: skip
"""What two runs share that differ in their days alone."""
APPEARED, GONE, STAYED = "appeared", "gone", "stayed"
TOLD: Final = ["kind", "value", "count", "count_before", "spot"]
Frame = Any
"""A GeoDataFrame in the city's metres."""


def compared(before: Run, after: Run) -> Frame:
    """Return the places that stand out in either run, in the city's metres.

    Columns: ``kind`` (appeared, gone, stayed), ``value`` (by how many more incidents), ``count``,
    ``count_before``, ``spot`` (of the run in which it stands out), and those of the form: ``row``
    and ``column`` of a square; ``per_km`` and ``per_km_before`` of a street; ``asset_code`` and
    ``asset``; ``first`` and ``last`` day of a cluster. Raises NotComparable, NoResult.
    """
    then, now = (question.read(run.question, gone=True) for run in (before, after))
    if any(getattr(then, name) != getattr(now, name) for name in SAME):
        raise NotComparable
    return FORMS[now.asked_of.form](files.layer(before.result), files.layer(after.result))


def _squares(old: Frame, new: Frame) -> Frame:
    keys = ["row", "column"]
    both = _joined(old, new, keys)
    return _told(both, both["spot_before"].fillna(0) > 0, both["spot"].fillna(0) > 0, keys)


def _streets(old: Frame, new: Frame) -> Frame:
    for layer in (old, new):
        layer["stretch"] = [shapely.to_wkb(shape).hex() for shape in _rounded(layer)]
    both = _joined(old, new, ["stretch"])
    for name in ("", "_before"):
        both[f"per_km{name}"] = both[f"value{name}"].fillna(0.0)
    return _told(both, *_hot(both), ["per_km", "per_km_before"])


def _rounded(layer: Frame) -> Any:  # noqa: ANN401  an array of lines
    return shapely.transform(layer.geometry.to_numpy(), lambda metres: metres.round(1))


def _assets(old: Frame, new: Frame) -> Frame:
    if "asset_code" not in old or "asset_code" not in new:
        raise NotComparable
    both = _joined(old, new, ["asset_code"])
    both["asset"] = both["asset"].fillna(both["asset_before"])
    return _told(both, *_hot(both), ["asset_code", "asset"], unknown=True)


def _clusters(old: Frame, new: Frame) -> Frame:
    import pandas  # noqa: PLC0415  heavy

    mine, theirs = _overlaps(old, new)
    now, gone = new.copy(), old[~np.isin(np.arange(len(old)), theirs)].copy()
    now["count_before"] = np.bincount(mine, old["count"].to_numpy()[theirs], len(new))
    now["kind"] = np.where(np.isin(np.arange(len(new)), mine), STAYED, APPEARED)
    gone["kind"], gone["count_before"], gone["count"] = GONE, gone["count"], 0
    told = pandas.concat([now, gone], ignore_index=True) if len(gone) else now
    told["spot"] = np.arange(1, len(told) + 1)
    told["count_before"] = told["count_before"].astype(np.int64)
    told["value"] = told["count"] - told["count_before"]
    return told[[*TOLD, "first", "last", "geometry"]]


def _overlaps(old: Frame, new: Frame) -> tuple[Any, Any]:
    """Return the pairs, later and earlier cluster by position, whose outlines share ground."""
    hulls, before = new.geometry.to_numpy(), old.geometry.to_numpy()
    mine, theirs = shapely.STRtree(before).query(hulls, predicate="intersects")
    shared = shapely.area(shapely.intersection(hulls[mine], before[theirs])) > 0
    return mine[shared], theirs[shared]


FORMS: Final[Mapping[str, Callable[[Frame, Frame], Frame]]] = MappingProxyType({
    "cells": _squares,
    "lines": _streets,
    "assets": _assets,
    "areas": _clusters,
})  # fmt: skip


def _joined(old: Frame, new: Frame, keys: list[str]) -> Frame:
    """Return the places of both layers, columns of the earlier one with ``_before``."""
    import geopandas  # noqa: PLC0415  heavy
    import pandas  # noqa: PLC0415  heavy

    before, after = (pandas.DataFrame(one.drop_duplicates(keys)) for one in (old, new))
    both = before.merge(after, on=keys, how="outer", suffixes=("_before", ""))
    then, now = both.pop("geometry_before"), both.pop("geometry")
    return geopandas.GeoDataFrame(both, geometry=now.where(now.notna(), then), crs=new.crs)


def _hot(both: Frame) -> tuple[Any, Any]:
    return both["kind_before"] == "hot", both["kind"] == "hot"


def _told(
    both: Frame, was: Any, now: Any, more: list[str], *, unknown: bool = False  # noqa: ANN401
) -> Frame:  # fmt: skip
    """Return the places that stand out in either run; counts of others are 0, or not known."""
    told = both[was | now].copy()
    was, now = was[told.index], now[told.index]
    told["kind"] = np.select([was & now, now], [STAYED, APPEARED], GONE)
    for name in ("count", "count_before"):
        told[name] = told[name].astype("Int64") if unknown else told[name].fillna(0).astype("int64")
    told["value"] = told["count"] - told["count_before"]
    told["spot"] = told["spot"].where(now, told["spot_before"]).fillna(0).astype("int64")
    return told[[*TOLD, *more, "geometry"]].reset_index(drop=True)


def table(layer: Frame) -> list[Row]:
    """Return a line a place that stands out in either run, the greatest change first.

    Squares that touch are one place. What is not known is None.
    """
    if "row" in layer:
        groups = layer.groupby(["kind", "spot"], sort=True)
        lines = [_line(part, kind) for (kind, _), part in groups]
    else:
        lines = [_single(row) for row in layer.to_dict("records")]
    order = sorted(lines, key=lambda one: (-abs(one["change"] or 0), one["y"], one["x"]))
    ranked = order[: terms().ranked]
    metres = np.asarray([(one["x"], one["y"]) for one in ranked]).reshape(-1, 2).T.copy()
    lons, lats = in_degrees(*metres)
    places = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
    return [
        {
            **{name: value for name, value in line.items() if name not in {"x", "y"}},
            "rank": rank,
            "street": name.street,
            "ward": name.ward,
            "lon": round(lon, 6),
            "lat": round(lat, 6),
        }
        for rank, (line, (lon, lat), name) in enumerate(
            zip(ranked, places, place_names(places, "vi"), strict=True), start=1
        )
    ]


def _line(part: Frame, kind: str) -> Row:
    fullest = part.loc[(part["count"] + part["count_before"]).idxmax()]
    middle = shapely.centroid(fullest.geometry)
    now, then = int(part["count"].sum()), int(part["count_before"].sum())
    return {
        "kind": kind, "count": now, "before": then, "change": now - then, "cells": len(part),
        "x": float(middle.x), "y": float(middle.y),
    }  # fmt: skip


def _single(row: Mapping[str, Any]) -> Row:
    middle = _middle(row["geometry"])
    more = ("per_km", "per_km_before", "asset", "first", "last")
    return {
        "kind": row["kind"],
        "count": _known(row["count"]),
        "before": _known(row["count_before"]),
        "change": _known(row["value"]),
        **{name: row[name] for name in more if name in row},
        "x": float(middle.x),
        "y": float(middle.y),
    }


def _middle(shape: Any) -> Any:  # noqa: ANN401  shapely geometries
    if shape.geom_type == "LineString":
        return shapely.line_interpolate_point(shape, 0.5, normalized=True)
    return shapely.point_on_surface(shape)


def _known(value: Any) -> int | None:  # noqa: ANN401  a number, or pandas' missing one
    import pandas  # noqa: PLC0415  heavy

    return None if pandas.isna(value) else int(value)
