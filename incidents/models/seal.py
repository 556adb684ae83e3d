"""What shows that no event was changed, removed or cut off: see ``incidents.ledger``."""

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


class Sealing(models.Model):
    """How far events are sealed: one row. ``rolled`` goes over all seals, in that order."""

    transaction = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    seals = models.PositiveBigIntegerField(default=0)
    rolled = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"sealed up to {self.event}"


class DayDigest(models.Model):
    """One digest over the heads of all chains that grew since the one before.

    It was made when a day was over and everything up to (``transaction``, ``event``) was sealed.
    """

    day = models.DateField(primary_key=True)
    transaction = models.BigIntegerField()
    event = models.BigIntegerField()
    chains = models.PositiveBigIntegerField()
    seals = models.PositiveBigIntegerField(help_text="All there are, up to here")
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return str(self.day)
