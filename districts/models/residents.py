"""How many people live in the areas of an edition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models.area import Area
from districts.models.edition import Edition


class ResidentCount(models.Model):
    """One count of the people in the areas of one edition; loaded again, it is replaced whole."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="resident_counts")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    shares = models.SlugField(
        max_length=10,
        default="area",
        help_text="How people are shared out to the areas of another edition: area or addresses",
    )
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("count of residents")
        verbose_name_plural = _("counts of residents")
        ordering: ClassVar = ["-year", "-loaded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "year"], name="resident_count_once"),
            models.CheckConstraint(
                condition=models.Q(shares__in=["area", "addresses"]), name="resident_count_shares"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition.name}, {self.year}"


class Residents(models.Model):
    """The people of one area in one count; an area that is not known has no row."""

    count = models.ForeignKey(ResidentCount, on_delete=models.CASCADE, related_name="residents")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="residents")
    people = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "area"], name="residents_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.people}"
