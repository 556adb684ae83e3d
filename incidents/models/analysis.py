"""What planners ask of many incidents at once, and each time it was reckoned."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class RunState(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Analysis(models.Model):
    """A question under a name: method, categories, period, area, parameters, as data.

    ``saved``: it is kept until its owner removes it. ``shared``: whoever may see figures opens it
    by its ``token``. ``monthly``: run again each month, over the month that ended.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="analyses"
    )
    name = models.CharField(max_length=120)
    question = models.JSONField()
    token = models.CharField(max_length=32, unique=True)
    saved = models.BooleanField(default=False)
    shared = models.BooleanField(default=False)
    monthly = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One reckoning of an analysis. ``result`` names its files, ``told`` is what a page shows.

    ``question`` is the analysis's as it was, with the days filled in: a run can be reckoned again.
    """

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="runs")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    question = models.JSONField()
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Hundredths that are done")
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker began with it"
    )
    monthly = models.BooleanField(default=False, help_text="Begun by the month's end, by itself")
    cancel = models.BooleanField(default=False, help_text="Its worker is asked to stop")
    leased_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=dict, blank=True)
    result = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=60, blank=True, help_text="The code of what went wrong")
    error_facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                name="run_to_do",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.analysis_id}"
