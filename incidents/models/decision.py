"""Why an agency has an incident."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from districts.models import Agency, Rule
from incidents.models.incident import Incident


class Decision(models.Model):
    """Which agency was chosen, by which rule, from which inputs, how surely, and who else."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="decisions")
    # Few values in very many rows, and decisions are read by their incident.
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, db_index=False)
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, db_index=False)
    basis = models.CharField(max_length=20)
    certainty = models.FloatField()
    threshold = models.FloatField()
    needs_triage = models.BooleanField()
    because = models.TextField(help_text="One Vietnamese sentence")
    because_en = models.TextField()
    question = models.TextField(blank=True)
    question_en = models.TextField(blank=True)
    candidates = models.JSONField(default=list)
    inputs = models.JSONField(default=dict)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"decision {self.pk}"
