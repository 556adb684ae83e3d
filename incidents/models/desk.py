"""What a member of staff keeps at the desk."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models


class SavedFilter(models.Model):
    """A view of the desk under a name; shared: everybody of the owner's agency has it too."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, help_text="As in the desk's address")
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnArea(models.Model):
    """An area that a member of staff drew; ``tells``: new incidents in it are told of."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_areas"
    )
    name = models.CharField(max_length=80)
    shape = models.MultiPolygonField(srid=4326)
    tells = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="own_area_once"),
        ]

    def __str__(self) -> str:
        return self.name
