"""Who guesses at tracking codes, counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class MissedRead(models.Model):
    """How often readers of one bucket of addresses asked for a tracking code that is none.

    A bucket is a keyed hash of the address, cut to 16 bits: the table holds no address and never
    more than 65,536 rows (``incidents.codes``).
    """

    bucket = models.PositiveIntegerField(primary_key=True)
    since = models.DateTimeField()
    misses = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["bucket"]

    def __str__(self) -> str:
        return f"bucket {self.bucket}"
