"""What a reporter saw."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from incidents.models.report import Report


class Photo(models.Model):
    """A photo of a report: encoded by us, no metadata, stored under its own hash."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="photos")
    sha256 = models.CharField(max_length=64)
    phash = models.BigIntegerField(
        null=True, help_text="Perceptual hash: 64 bits as a signed number; null: not reckoned"
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="photo_sha256")]

    def __str__(self) -> str:
        return f"photo {self.pk}"
