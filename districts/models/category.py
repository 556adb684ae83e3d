"""What may be reported."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.Model):
    """One of the service's sectors: traffic, water supply, drainage, lighting and so on."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    icon = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering: ClassVar = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """What is wrong: pothole, flooding, missing manhole cover …; how it is treated is data here."""

    code = models.SlugField(max_length=40, primary_key=True)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="categories")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    icon = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=400, blank=True, help_text="Other words people search by")
    danger = models.BooleanField(default=False, help_text="Assigned at once, checked after")
    public = models.BooleanField(default=True, help_text="False: never on a public page")
    sensitive = models.BooleanField(
        default=False, help_text="Public only snapped to a coarse cell, hidden below a small count"
    )
    certainty_threshold = models.FloatField(default=0.8)
    duplicate_radius_m = models.FloatField(default=50)
    duplicate_window_days = models.PositiveSmallIntegerField(default=30)
    working_days = models.PositiveSmallIntegerField(default=5)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering: ClassVar = ["sector__position", "position", "code"]

    def __str__(self) -> str:
        return self.name
