"""What the columns must know besides events."""

from __future__ import annotations

from django.db import models


class ColumnsEpoch(models.Model):
    """One row. ``number`` grows when incidents went without an event: columns are built anew."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"epoch {self.number}"
