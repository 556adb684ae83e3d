"""What stands or lies in the street."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.utils.translation import gettext_lazy as _

from districts.models.agency import Agency
from districts.models.recorded import Recorded


class Asset(Recorded):
    """A utility asset with a polygon, an owner, and a maintainer under contract for a period."""

    kind = models.SlugField(max_length=40)
    code = models.CharField(max_length=80, help_text="The source's own identifier")
    name = models.CharField(max_length=200, blank=True)
    shape = models.MultiPolygonField(srid=4326)
    owner = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="assets_owned"
    )
    maintainer = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="assets_maintained"
    )
    contract = DateRangeField(null=True, blank=True, help_text="The maintainer's; null: no end")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=models.Q(superseded_at=None),
                name="asset_current_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.code}"
