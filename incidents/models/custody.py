"""Who had an incident, since when, for how long, and how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from districts.models import Agency
from incidents.deadlines import Runs
from incidents.models.event import Event
from incidents.models.incident import Incident


class Custody(models.Model):
    """One agency's hold on an incident from one event to another, under one clock.

    At most one is open per incident. What its limit was stands here as it was reckoned at the
    hand-over, with the rule's version. ``used`` is the share of the limit that was used up when
    it ended, pauses taken off: up to 1 it was on time. It is honestly on time where the work was
    proven too and the case did not come back.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="custodies", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    contractor = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="To whom the agency delegated the work",
    )  # fmt: skip
    from_event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_event = models.ForeignKey(
        Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.SlugField(
        max_length=20, blank=True, db_default="", db_index=False,
        help_text="Kind of the event that ended it",
    )  # fmt: skip
    due_at = models.DateTimeField(null=True, help_text="Null while a pause holds")
    limit_s = models.FloatField(help_text="Working days count as 24 hours each")
    runs = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Runs])
    rule = models.CharField(max_length=40)
    rule_version = models.PositiveIntegerField()
    used = models.FloatField(null=True)
    forward_used = models.FloatField(
        null=True,
        help_text="Of the first custody: the share of the service's own time to forward it that "
        "was used up when it began",
    )
    proven = models.BooleanField(null=True, help_text="A photo or a check-in came with the claim")
    reopened_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True, help_text="The new date an agency promised")
    steps = ArrayField(
        models.SlugField(max_length=30), default=list, db_default=[],
        help_text="Rungs of the escalation ladder that were taken",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(to_event=None),
                name="custody_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "ended_at"], name="custody_agency"),
            models.Index(fields=["incident"], include=["forward_used"], name="custody_incident"),
            # Figures count what ended in a period from here alone.
            models.Index(
                fields=["ended_at"],
                include=[
                    "agency",
                    "incident",
                    "began_at",
                    "ended_by",
                    "used",
                    "proven",
                    "reopened_at",
                ],
                name="custody_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.incident_id} with agency {self.agency_id}"
