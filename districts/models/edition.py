"""A dated set of boundaries."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """A dated set of boundaries of one level, with legal effect in ``valid``.

    *Published*: may be used. *In force*: the published one, per level and territory, whose
    interval holds the date. The database refuses two published editions that overlap in time.
    """

    name = models.SlugField(max_length=60)
    level = models.SlugField(max_length=30, help_text="ward, district, or a city's own word")
    territory = models.SlugField(max_length=30)
    valid = DateRangeField(help_text="Half open: from the first day to the day after the last")
    published = models.BooleanField(default=False)
    approximate = models.BooleanField(default=False)
    source = models.CharField(max_length=500, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    loaded_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "level"], name="edition_name_level"),
            ExclusionConstraint(
                name="edition_in_force_once",
                expressions=[
                    ("territory", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(published=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.level})"
