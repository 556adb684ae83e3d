"""The wards of today with few corners, for maps on paper and in files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from districts import city, rulebook
from districts.models import Area
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef

TOLERANCE: Final = 0.0002
"""Degrees by which a border may be off: about 22 m, a tenth of a millimetre on 1 : 200,000."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A ward: its shape in WGS 84, and where its name is written (longitude, latitude)."""

    ward: AreaRef
    shape: BaseGeometry
    label_at: tuple[float, float]


def ward_outlines() -> tuple[Outline, ...]:
    """Return the wards in force today by code, else the last ones; neighbours share their edges."""
    book = rulebook.current()
    edition = _edition(book)
    return _read(edition.id, book.version) if edition else ()


def ward_edition() -> EditionFacts | None:
    """Return the edition that ``ward_outlines`` are of."""
    return _edition(rulebook.current())


def _edition(book: Rulebook) -> EditionFacts | None:
    here = city.current()
    return book.in_force_or_former(here.territory, here.ward_level, timezone.localdate())


@lru_cache(maxsize=2)
def _read(edition_id: int, _version: int) -> tuple[Outline, ...]:
    rows = Area.objects.filter(edition_id=edition_id).order_by("code")
    found = list(rows.values_list("pk", AsWKB("shape"), AsWKB("label_point")))
    shapes = shapely.from_wkb(np.array([bytes(shape) for _pk, shape, _label in found], object))
    labels = shapely.from_wkb(np.array([bytes(label) for _pk, _shape, label in found], object))
    fewer = np.asarray(shapely.coverage_simplify(shapes, TOLERANCE))
    known = rulebook.current().areas
    return tuple(
        Outline(known[pk][1], shape, (label.x, label.y))
        for (pk, _shape, _label), shape, label in zip(found, fewer, labels, strict=True)
    )
