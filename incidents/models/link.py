"""What lets somebody without an account do one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models

from districts.models import Agency
from incidents.models.incident import Incident
from incidents.models.report import Contact, Report


class Purpose(StrEnum):
    """What a link is for."""

    CONTRACTOR = "contractor"
    """Work on one incident."""
    ANSWER = "answer"
    """Say whether it is fixed, and rate: once."""


class Link(models.Model):
    """A link to one incident. Its token is reckoned from the row and the server's secret key."""

    purpose = models.CharField(max_length=12, choices=[(p.value, p.value) for p in Purpose])
    nonce = models.CharField(max_length=32)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="links")
    report = models.ForeignKey(Report, null=True, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, db_index=False, help_text="The contractor"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Used, or taken back")

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class LoginCode(models.Model):
    """A six-digit code sent to a reporter's telephone or mailbox; reckoned like a link's token."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    carrier = models.SlugField(max_length=10, db_index=False)
    nonce = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="login_code_expires")]

    def __str__(self) -> str:
        return f"login code {self.pk}"
