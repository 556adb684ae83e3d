"""The thing in the street."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar, Final

from django.contrib.gis.db import models
from django.db.models.functions import Coalesce

from districts.models import Agency, Area, Category
from incidents.workflow import ENDED, OPEN, Status

NEVER_DUE: Final = datetime(9999, 1, 1, tzinfo=UTC)
URGENCY: Final = Coalesce("due_at", models.Value(NEVER_DUE))
"""What the desk is sorted by: what is due first comes first, what has no limit last."""


def past_due(at: datetime, field: str = "due_at") -> models.Q:
    """Return the condition that a row is late at a moment, as ``deadlines.is_late`` says of one.

    ``field`` is the path to the due moment. In SQL files: ``due_at < now``.
    """
    return models.Q(**{f"{field}__lt": at})


STILL_OPEN: Final = models.Q(status__in=[s.value for s in Status if s in OPEN])
HAS_ENDED: Final = models.Q(status__in=[s.value for s in Status if s in ENDED])


class Incident(models.Model):
    """The thing in the street. Status, agency and deadline live here.

    ``cell`` is the position's place on a Z-order curve (``gis_core.tiles``), so that a map tile is
    one range of it. ``decision`` is the newest one; every earlier one is kept.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, db_index=False)
    status = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in Status],
        default=Status.RECEIVED.value,
    )
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    ward = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    district = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PointField(srid=4326)
    accuracy_m = models.FloatField(default=0)
    cell = models.BigIntegerField()
    needs_triage = models.BooleanField(default=False)
    check_after = models.BooleanField(
        default=False,
        help_text="Assigned at once although unsure; a person looks afterwards",
    )
    public = models.BooleanField(default=True)
    report_count = models.PositiveIntegerField(default=1)
    held_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when the agency has it: its clock's beginning"
    )
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="When the clock ends; null where none runs"
    )
    next_step_at = models.DateTimeField(
        null=True, blank=True,
        help_text="When the watch looks at it next: a rung of the ladder, or closing by silence",
    )  # fmt: skip
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when its agency says that it is done"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts",
        db_index=False, help_text="The incident that was split, whose part this is",
    )  # fmt: skip
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged",
        db_index=False, help_text="The incident that this one was found to be",
    )  # fmt: skip
    too_count = models.PositiveIntegerField(
        default=0, db_default=0, help_text="People who said: me too"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    decision = models.ForeignKey(
        "incidents.Decision", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in Status]),
                name="incident_status",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["cell"],
                include=["category", "status", "opened_at", "public"],
                name="incident_cell",
            ),
            # What the public map does not show one by one is found without passing the rest again.
            models.Index(
                fields=["cell"],
                include=["category", "status", "opened_at", "agency", "ward", "district"],
                name="incident_cell_hidden",
                condition=models.Q(public=False)
                | models.Q(status__in=[Status.REJECTED.value, Status.MERGED.value]),
            ),
            models.Index(
                fields=["cell"],
                include=["category", "status", "due_at", "agency", "ward", "district"],
                name="incident_cell_open",
                condition=STILL_OPEN,
            ),
            # Named here, for a foreign key's own index on a text brings a second one for LIKE.
            models.Index(fields=["category"], name="incident_category"),
            models.Index(fields=["-opened_at", "-id"], name="incident_newest"),
            # What stood open at a moment is what was closed later, or is not closed.
            models.Index(
                fields=["closed_at"], include=["opened_at", "id", "agency"], name="incident_closed"
            ),
            models.Index(
                fields=["id"],
                name="incident_merged",
                condition=models.Q(status=Status.MERGED.value),
            ),
            # The desk: an index for each kind of reach, in the order in which its list is read.
            models.Index(URGENCY, "opened_at", "id", name="incident_desk", condition=STILL_OPEN),
            models.Index(
                "agency",
                URGENCY,
                "opened_at",
                "id",
                name="incident_desk_agency",
                condition=STILL_OPEN,
            ),
            models.Index(
                "ward",
                URGENCY,
                "opened_at",
                "id",
                name="incident_desk_ward",
                condition=STILL_OPEN,
            ),
            models.Index(
                "district",
                URGENCY,
                "opened_at",
                "id",
                name="incident_desk_district",
                condition=STILL_OPEN,
            ),
            models.Index(
                fields=["agency", "-opened_at", "-id"],
                name="incident_ended_agency",
                condition=HAS_ENDED,
            ),
            models.Index(
                fields=["ward", "-opened_at", "-id"],
                name="incident_ended_ward",
                condition=HAS_ENDED,
            ),
            models.Index(
                fields=["district", "-opened_at", "-id"],
                name="incident_ended_district",
                condition=HAS_ENDED,
            ),
            models.Index(
                fields=["due_at", "id"],
                name="incident_due",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["next_step_at"],
                name="incident_next_step",
                condition=models.Q(next_step_at__isnull=False),
            ),
            models.Index(
                fields=["parent"],
                name="incident_parent",
                condition=models.Q(parent__isnull=False),
            ),
            models.Index(
                fields=["merged_into"],
                name="incident_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["opened_at"],
                name="incident_to_triage",
                condition=models.Q(needs_triage=True),
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"
