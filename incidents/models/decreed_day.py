"""Days that are worked, or not, by decree."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DecreedDay(models.Model):
    """An exchanged day: decreed late, often days before, so that it is entered by hand."""

    day = models.DateField(primary_key=True)
    works = models.BooleanField(help_text="Worked although it would be off, or the other way round")
    source = models.CharField(max_length=300, help_text="The decree, or where it was announced")

    entered_at = models.DateTimeField(
        null=True, auto_now_add=True, help_text="What ended before was reckoned without it"
    )

    class Meta:
        verbose_name = _("decreed day")
        verbose_name_plural = _("decreed days")
        ordering: ClassVar = ("-day",)

    def __str__(self) -> str:
        return str(self.day)
