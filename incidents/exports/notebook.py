"""Incidents as a GeoDataFrame, for notebooks and scripts on a machine that reaches the database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import django
from django.apps import apps

if TYPE_CHECKING:
    import geopandas as gpd

    from incidents.actors import Actor

T = TypeVar("T")


def incidents_frame(
    actor: Actor | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    srid: int = 4326,
    **words: str,
) -> gpd.GeoDataFrame:
    """Return the rows of an export (``docs/exports.md``) as a GeoDataFrame in the CRS ``srid``.

    Without an ``actor`` those that everybody sees. ``words`` are ``bbox``, ``sector``,
    ``category``, ``status``, ``agency``, ``ward``: lists are comma-separated. Days are both
    included. All rows are in memory. Raises BadBox, BadFilter.
    """
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
        django.setup()
    lists = {name: [text] for name, text in words.items() if name != "bbox"}
    asked = {"bbox": words.get("bbox", ""), "days": (since, until), **lists}
    return _outside_the_loop(lambda: _read(actor, srid, asked))


def _read(actor: Actor | None, srid: int, asked: dict[str, Any]) -> gpd.GeoDataFrame:
    from incidents.actors import ANYBODY  # noqa: PLC0415  once the site is set up
    from incidents.exports import frames, rows  # noqa: PLC0415
    from incidents.filters import read_filters  # noqa: PLC0415

    wish = rows.Wish(actor or ANYBODY, read_filters(**asked))
    return frames.frame_of(rows.table(wish), srid)


def _outside_the_loop(read: Callable[[], T]) -> T:
    """Call it; where an event loop runs in this thread, as in Jupyter, call it in another."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return read()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_closing, read).result()


def _closing(read: Callable[[], T]) -> T:
    from django.db import connections  # noqa: PLC0415, TID251  of this thread, which ends now

    try:
        return read()
    finally:
        connections.close_all()
