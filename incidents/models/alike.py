"""Two incidents that may be one thing in the street."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from incidents.models.incident import Incident
from incidents.models.report import Report


class Verdict(StrEnum):
    """What a person said of a pair; empty: nobody looked yet."""

    NONE = ""
    APART = "apart"
    """Two things; comes back only with new evidence."""
    LATER = "later"
    """Asked again at ``again_at``."""


class Pair(models.Model):
    """An incident that may be another, earlier one, with what speaks for it.

    It waits while both are open, neither is merged, and nobody said otherwise; merging and undoing
    leave it as it is. ``evidence`` names what was compared (reports, photos, position), so that a
    verdict stands until there is something new.
    """

    newer = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    older = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(
        Report, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The report that it was found by",
    )  # fmt: skip
    probability = models.FloatField()
    factors = models.JSONField(default=list, help_text="Name, value and log odds of each factor")
    evidence = ArrayField(models.CharField(max_length=40), default=list)
    found_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(
        max_length=8,
        blank=True,
        choices=[(v.value, v.value) for v in Verdict],
        default=Verdict.NONE.value,
    )
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False
    )
    said_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["newer", "older"], name="pair_once"),
            models.CheckConstraint(
                condition=~models.Q(newer=models.F("older")), name="pair_of_two"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__gte=0, probability__lte=1),
                name="pair_probability",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-probability", "id"],
                name="pair_waiting",
                condition=models.Q(verdict=Verdict.NONE.value),
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.newer_id} may be {self.older_id}"


class ToCompare(models.Model):
    """A report that was not held against what is known when it arrived; looked at in its turn."""

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["next_at"], name="to_compare_next")]

    def __str__(self) -> str:
        return f"report {self.report_id} to compare"
