"""Incidents, read in the boundaries of another edition than their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from districts.models import Area, Edition
from incidents.models.incident import Incident


class IncidentArea(models.Model):
    """Where an incident lies in an edition that it was not joined to when it was reported.

    A second reading beside ``Incident.ward``, which stays what it was; derived, never edited.
    """

    pk = models.CompositePrimaryKey("edition", "incident")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="other_areas")
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=10, help_text="inside, edge, sliver or outside")

    def __str__(self) -> str:
        return f"incident {self.incident_id} in edition {self.edition_id}"


class Rejoining(models.Model):
    """How far the re-join of all incidents to an edition has come; it goes on from here."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE)
    last_incident = models.BigIntegerField(default=0, help_text="All up to this id are joined")
    joined = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="Null while it is under way")

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return f"re-join to {self.edition_id}"
