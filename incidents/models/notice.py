"""What people are to be told: the outbox."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.report import Report


class NoticeState(StrEnum):
    """What became of a notice."""

    READY = "ready"
    SENT = "sent"
    DROPPED = "dropped"
    """There is nobody to tell any more: the contact was erased."""
    DEAD = "dead"
    """Given up after many tries, or refused for good; a person may send it again."""


class Notice(models.Model):
    """A message to one reporter, written in the transaction of what it tells.

    It holds no address and no words: both are looked up when it is sent. ``dedupe`` says what must
    not be told twice. A worker claims a row by moving ``due_at`` a lease ahead, so that whatever
    kills the worker, somebody else takes the row up again.
    """

    kind = models.SlugField(max_length=40, db_index=False)
    carrier = models.SlugField(max_length=10, db_index=False, help_text="email, sms …")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notices")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict, help_text="Codes and figures, never names or numbers")
    dedupe = models.CharField(max_length=120, unique=True)
    state = models.SlugField(max_length=8, default=NoticeState.READY.value, db_index=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=200, blank=True, help_text="Never an address")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in NoticeState]),
                name="notice_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                name="notice_due",
                condition=models.Q(state=NoticeState.READY.value),
            ),
            models.Index(
                fields=["-ended_at"],
                name="notice_dead",
                condition=models.Q(state=NoticeState.DEAD.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
