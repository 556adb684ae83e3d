"""What became of an old area."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from districts.models.area import Area


class Lineage(models.Model):
    """How much of an area of one edition lies in an area of another; shares run from 0 to 1.

    Derived from the shapes; computed anew, it replaces what was computed before.
    """

    from_area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="became")
    to_area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="came_from")
    area_share = models.FloatField(help_text="Of the old area's ground")
    back_share = models.FloatField(help_text="Of the new area's ground")
    address_share = models.FloatField(
        null=True, help_text="Of the known addresses in the old area; null where none is known"
    )
    incident_share = models.FloatField(
        null=True, help_text="Of the incidents in the old area; null where there is none"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["from_area", "to_area"], name="lineage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.from_area_id} in {self.to_area_id}: {self.area_share:.0%}"
