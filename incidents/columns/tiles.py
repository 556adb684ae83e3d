"""What is public of incidents, or all of them, as vector tiles made of the columns.

The same layers, feature by feature, as ``tile_selectors`` has PostGIS make.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from districts import rulebook
from districts.models import Category
from gis_core.point_layers import Longs, Named, layer
from gis_core.tiles import LEVEL, Tile, deinterleave
from incidents import tile_selectors
from incidents.actors import ANYBODY, Actor
from incidents.coarse import are_left_out
from incidents.columns import asking
from incidents.columns.counting import CELLS, Shown, count_tile, shown, single
from incidents.columns.rows import FIRST_DAY, Columns, Entries, Words, kinds
from incidents.filters import Filters

_COLUMN, _ROW = np.array([deinterleave(code) for code in range(CELLS)]).T
_FINE, _HEAT, _CLUSTER = 32, 4, 256
"""Steps of the tile across a fine cell; fine cells in one of heat, in one of clusters."""
_STEP_LEVELS, _HALF = 12, 6
"""A tile has 4096 steps a side; the table of fine cells is asked for half of a step's bits."""
QUESTIONS_KEPT: Final = 512
MOST_SINGLE: Final = 2_000
"""Nobody tells more marks apart in a square of a kilometre, and no phone draws them."""


def tile(columns: Columns, place: Tile, filters: Filters, actor: Actor = ANYBODY) -> bytes:
    """Return the Mapbox vector tile of what ``actor`` may see; empty where there is nothing.

    Layers as ``tile_selectors.tile`` has them; but at the first zoom of single points a tile with
    more than ``MOST_SINGLE`` keeps its clusters. ``filters.box`` is not read. For whoever sees
    everything; anybody else is shown what everybody sees, an office no more than that.
    """
    version = rulebook.kept().version
    asked = question(columns.words, filters, version, all_of_it=actor.sees_everything)
    counts = count_tile(columns, place, asked)
    if not _is_single(place, int(counts[0].sum())):
        return _heat(counts[0]) + _clusters(counts)
    return _heat(counts[0]) + _points(single(columns, place, asked), columns.words, place)


def _is_single(place: Tile, many: int) -> bool:
    first = tile_selectors.SINGLE_FROM_ZOOM
    return place.z > first or (place.z == first and many <= MOST_SINGLE)


def revision(columns: Columns, place: Tile) -> str:
    """Return what changes whenever a tile may: the image, changes in the tile, the catalogue."""
    first, last = place.cells()
    code = columns.delta.code
    changes = int(np.count_nonzero((code >= first) & (code <= last)))
    image = columns.revision.removesuffix(f"-{len(code)}")
    return f"{image}-{changes}-{rulebook.kept().version}"


def question(words: Words, filters: Filters, version: int, *, all_of_it: bool) -> Shown:
    """Return how the columns are asked these filters; ``version`` is the catalogue's."""
    whole_time = replace(filters, box=None, since=None, until=None)
    grouped = not (all_of_it or are_left_out(filters))
    found = _whole_time(words, whole_time, version, all_of_it=all_of_it, grouped=grouped)
    return found.between(filters.since, filters.until)


@lru_cache(maxsize=QUESTIONS_KEPT)
def _whole_time(
    words: Words, filters: Filters, version: int, *, all_of_it: bool, grouped: bool
) -> Shown:
    """All one by one; or what is public so, and, if ``grouped``, what is sensitive in groups.

    For any days: making it takes as long as counting a hundred thousand incidents.
    """
    asked = asking.asked(words, filters, public=None if all_of_it else True)
    key = (filters, version, all_of_it, grouped)
    if not grouped:
        return shown(words, asked, np.zeros_like(asked.kinds), {}, key)
    codes = Category.objects.filter(sensitive=True, public=True).order_by("code")
    categories = list(codes.values_list("code", flat=True))
    statuses = [one for one in words.statuses if one not in {"rejected", "merged"}]
    sensitive = kinds(words, categories=categories, statuses=statuses, public=False)
    hidden = asking.asked(words, filters, public=False)
    slots = {code: slot for slot, code in enumerate(categories)}
    return shown(words, asked, sensitive & hidden.kinds, slots, key)


def _heat(total: NDArray[np.int32]) -> bytes:
    """On a grid of 64 by 64, in the middle of its cells."""
    counts = total.reshape(-1, _HEAT).sum(axis=1)
    [cell] = np.nonzero(counts)
    x, y = (part[cell * _HEAT] * _FINE + _FINE for part in (_COLUMN, _ROW))
    return layer("heat", x, y, {"count": counts[cell]})


def _points(found: Entries, words: Words, place: Tile) -> bytes:
    """Each in the step of the tile that holds its cell."""
    step = (found["code"] - place.cells()[0]) >> 2 * (LEVEL - place.z - _STEP_LEVELS)
    high, low = step >> 2 * _HALF, step & ((1 << 2 * _HALF) - 1)
    x, y = (part[high] << _HALF | part[low] for part in (_COLUMN, _ROW))
    category, status = found["kind"].astype(np.int64) >> 5, found["kind"] >> 1 & 15
    moments, which = np.unique(found["moment"], return_inverse=True)
    opened = np.datetime64(FIRST_DAY, "s") + moments.astype(np.int64)
    told: dict[str, Longs | Named] = {
        "id": found["id"],
        "category": Named(category, words.categories),
        "sector": Named(category, words.sectors),
        "status": Named(status.astype(np.int64), words.statuses),
        "opened": Named(which, np.datetime_as_string(opened, timezone="UTC").tolist()),
    }
    return layer("incidents", x, y, told)


def _clusters(counts: NDArray[np.int32]) -> bytes:
    """On a grid of 8 by 8, each at the mean of its incidents."""
    total = counts[0].reshape(-1, _CLUSTER).astype(np.int64)
    summed = total.sum(axis=1)
    [cell] = np.nonzero(summed)
    many = summed[cell]
    x, y = (_mean(part.reshape(-1, _CLUSTER)[cell], total[cell], many) for part in (_COLUMN, _ROW))
    still_open = counts[1].reshape(-1, _CLUSTER).sum(axis=1)[cell]
    return layer("clusters", x, y, {"count": many, "open": still_open})


def _mean(
    part: NDArray[np.int64], total: NDArray[np.int64], many: NDArray[np.int64]
) -> NDArray[np.int64]:
    mean = (part * total).sum(axis=1) / many
    return np.asarray(mean * _FINE + _FINE / 2, np.int64)
