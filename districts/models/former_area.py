"""Areas that are gone and whose shape nobody gave us: their names, and what took their place."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FormerArea(models.Model):
    """A ward or district of the past, known by name only.

    ``within`` is the district of a ward, kind and name together: "Quận 3". ``successors`` is a list
    of [code, share]: present wards, and the share of the old area (0 to 1) believed to be in each.
    """

    territory = models.SlugField(max_length=30)
    level = models.SlugField(max_length=30)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    within = models.CharField(max_length=160, blank=True)
    valid_to = models.DateField(help_text="A day from which it was gone")
    successors = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["territory", "level", "within", "kind", "name"], name="former_area_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()
