"""The squares of a metric grid as pixels of a Web-Mercator picture.

A map draws a picture straight between two parallels and two meridians, as the Mercator projection
has them; the grid's lines are straight in the city's metres, a little turned and stretched. So each
pixel asks which square its middle lies in. Where a pixel lies in metres is reckoned at every
``STEP``-th one and in between on a straight line: a thousandth of a square off, over a city.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots.grid import Grid
from incidents.analyses.points import in_degrees, in_metres
from incidents.filters import Box

Floats = NDArray[np.float64]
STEP: Final = 32
LARGEST: Final = 1_500
"""Pixels on the longer side."""


@dataclass(frozen=True, slots=True)
class View:
    """What a picture shows: a box in degrees, and its size in pixels."""

    box: Box
    wide: int
    high: int


def pixels(kind: NDArray[np.uint8], grid: Grid, view: View) -> NDArray[np.uint8]:
    """Return the class under each pixel's middle, 0 beyond the grid: (high, wide), north first."""
    where = _places(grid, view)
    padded = np.append(kind.ravel(), np.uint8(0))
    return padded[where]


def view_of(grid: Grid) -> View:
    """Return the view of a whole grid, a pixel about a square, within LARGEST."""
    x = np.linspace(grid.west_m, grid.west_m + grid.columns * grid.cell_m, 9)
    y = np.linspace(grid.south_m, grid.south_m + grid.rows * grid.cell_m, 9)
    lon, lat = in_degrees(*(side.ravel() for side in np.meshgrid(x, y)))
    west, east = float(lon.min()), float(lon.max())
    south, north = float(lat.min()), float(lat.max())
    most = min(LARGEST, max(grid.rows, grid.columns))
    return sized((west, south, east, north), most)


def sized(box: Box, longest: int) -> View:
    """Return a view of a box whose longer side has so many pixels, as wide as high on the map."""
    west, south, east, north = box
    across = math.radians(east - west)
    up = float(_northing(north) - _northing(south))
    share = longest / max(across, up)
    return View(box, max(round(across * share), 1), max(round(up * share), 1))


@lru_cache(maxsize=16)
def _places(grid: Grid, view: View) -> NDArray[np.int32]:
    """Return each pixel's place in the flat grid; the last is for those beyond it."""
    west, south, east, north = view.box
    across, from_left = _knots(view.wide)
    down, from_top = _knots(view.high)
    lon = west + (east - west) * across / view.wide
    up = _northing(north) + (_northing(south) - _northing(north)) * down / view.high
    lons, lats = np.meshgrid(lon, np.degrees(np.arctan(np.sinh(up))))
    x, y = in_metres(lons.ravel(), lats.ravel())
    sides = (x - grid.west_m) / grid.cell_m, (y - grid.south_m) / grid.cell_m
    column, row = (
        np.floor(from_top @ side.astype(np.float32).reshape(lons.shape) @ from_left.T)
        for side in sides
    )
    held = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    place = np.full(held.shape, grid.rows * grid.columns, np.int32)
    place[held] = row[held].astype(np.int32) * grid.columns + column[held].astype(np.int32)
    return place


def _knots(pixels: int) -> tuple[Floats, NDArray[np.float32]]:
    """Return where along a side metres are reckoned, and how each pixel's middle mixes them."""
    knots = np.linspace(0, pixels, -(-pixels // STEP) + 1)
    apart = knots[1]
    middles = np.arange(pixels) + 0.5
    mixed = np.maximum(1 - np.abs(middles[:, None] - knots) / apart, 0.0)
    return knots, mixed.astype(np.float32)


def _northing(latitude: float | Floats) -> Floats:
    """Mercator's northing on a sphere of radius 1."""
    return np.asarray(np.arctanh(np.sin(np.radians(latitude))))
