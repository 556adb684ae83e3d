"""Which report belongs to which incident, since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from incidents.models.event import Event
from incidents.models.incident import Incident
from incidents.models.report import Report


class Membership(models.Model):
    """A report belongs to an incident from one event to another; one open row per report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="memberships")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="memberships")
    from_event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    to_event = models.ForeignKey(
        Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"],
                condition=models.Q(to_event=None),
                name="membership_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["to_event"],
                name="membership_ended",
                condition=models.Q(to_event__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.report_id} in incident {self.incident_id}"
