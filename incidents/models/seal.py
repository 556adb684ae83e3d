"""What shows that no event was changed, removed or cut off."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from incidents.models.event import Event


class Seal(models.Model):
    """One event's place in its chain, and the digest over it and all before it in the chain."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="seal"
    )
    chain = models.CharField(max_length=24, help_text="i and an incident's id, or r and a report's")
    number = models.PositiveIntegerField(help_text="From 1, without a gap")
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="seal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class DayDigest(models.Model):
    """One digest over the heads of all chains at the end of a day; each holds the one before."""

    day = models.DateField(primary_key=True)
    chains = models.PositiveBigIntegerField()
    events = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return str(self.day)
