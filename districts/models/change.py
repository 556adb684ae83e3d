"""The catalogue's own history and version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueChange(models.Model):
    """What a catalogue row said before and after; the newest id is the catalogue's version.

    Everything that placement or routing keeps in memory is keyed by that version.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=150, blank=True, help_text="User name or command")
    kind = models.SlugField(max_length=40, help_text="agency, category, rule, edition …")
    code = models.CharField(max_length=120)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("catalogue change")
        verbose_name_plural = _("catalogue changes")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
