"""What offices add to an incident: notes, photos of the work."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models

from incidents.models.event import Event
from incidents.models.incident import Incident


class Note(models.Model):
    """A sentence among colleagues; its event holds the hash, never the words."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False
    )
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"note {self.pk}"


class When(StrEnum):
    """What a photo of the work shows."""

    BEFORE = "before"
    AFTER = "after"
    DISPUTED = "disputed"
    """A reporter's, of what is still wrong."""


class WorkPhoto(models.Model):
    """A photo that came with a step: encoded by us, no metadata, stored under its own hash."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="work_photos")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    shows = models.CharField(max_length=10, choices=[(w.value, w.value) for w in When])
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="work_photo_sha256")]

    def __str__(self) -> str:
        return f"photo of work {self.pk}"
