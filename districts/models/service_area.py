"""Where a network's agency answers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from districts.models.agency import Agency
from districts.models.recorded import Recorded


class ServiceArea(Recorded):
    """A polygon in which an agency answers for some categories in some period."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="service_areas")
    name = models.CharField(max_length=200)
    categories = ArrayField(models.SlugField(max_length=40))
    shape = models.MultiPolygonField(srid=4326)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                condition=models.Q(superseded_at=None),
                name="service_area_current_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
