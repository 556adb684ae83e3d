"""Derived from shapes by the loading verbs: what one pin is compared with."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models

from districts.models.area import Area
from districts.models.asset import Asset
from districts.models.edition import Edition
from districts.models.service_area import ServiceArea


class Owned(models.Model):
    """Belongs to exactly one area, asset or service area."""

    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE)
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE)
    asset = models.ForeignKey(Asset, null=True, on_delete=models.CASCADE)
    service_area = models.ForeignKey(ServiceArea, null=True, on_delete=models.CASCADE)

    class Meta:
        abstract = True


def exactly_one_owner(name: str) -> models.CheckConstraint:
    """Return the constraint that one, and only one, of the three owners is set."""
    owners = ("area", "asset", "service_area")
    cases = [models.Q(**{f"{other}__isnull": other != one for other in owners}) for one in owners]
    return models.CheckConstraint(condition=cases[0] | cases[1] | cases[2], name=name)


class Piece(Owned):
    """A part of a shape, cut small so that a point-in-polygon test reads few vertices."""

    shape = models.PolygonField(srid=4326)

    class Meta:
        constraints: ClassVar = [exactly_one_owner("piece_owner")]


class Border(Owned):
    """A short stretch of a shape's border, in metres of the city's metric CRS (SRID 0 here).

    The CRS is the city file's, so the column cannot name it; only placement reads this table.
    """

    line = models.LineStringField(srid=0)

    class Meta:
        constraints: ClassVar = [exactly_one_owner("border_owner")]
