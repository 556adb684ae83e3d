"""Rows that keep their own history."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class Recorded(models.Model):
    """A row that is superseded, never changed in place.

    ``valid`` is the legal effect; ``recorded_at`` to ``superseded_at`` is when this system held
    the row to be true, so that an old decision can be made again from what was known then.
    """

    valid = DateRangeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
