"""What people are to be told: the outbox."""

from __future__ import annotations

from enum import StrEnum
from functools import reduce
from operator import or_
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import Agency
from incidents.models.following import AreaAlert, Follower, PushSubscription
from incidents.models.incident import Incident
from incidents.models.link import LoginCode
from incidents.models.report import Report


class NoticeState(StrEnum):
    """What became of a notice."""

    READY = "ready"
    SENT = "sent"
    DROPPED = "dropped"
    """There is nobody to tell any more: the contact was erased."""
    DEAD = "dead"
    """Given up after many tries, or refused for good; a person may send it again."""


OVER: Final = models.Q(
    ~models.Q(kind="merged"), state__in=[NoticeState.SENT.value, NoticeState.DROPPED.value]
)
"""What can be forgotten. Undoing a merging, however late, asks who has heard of it."""
POINTING: Final = ("report", "follower", "alert", "login", "user", "subscription", "incident")


def _one_of(*fields: str) -> models.Q:
    """The condition that exactly one of the fields is there."""
    only = (
        models.Q(**{f"{field}__isnull": field != there for field in fields}) for there in fields
    )
    return reduce(or_, only)


class Notice(models.Model):
    """A message to one person, written in the transaction of what it tells.

    To one of: the reporter of ``report``, ``follower``, ``alert``, ``login``, ``user``, ``agency``.

    It holds no address and no words: both are looked up when it is sent. ``dedupe`` says what must
    not be told twice. A worker claims a row by moving ``due_at`` a lease ahead, so that whatever
    kills the worker, somebody else takes the row up again.
    """

    kind = models.SlugField(max_length=40, db_index=False)
    carrier = models.SlugField(max_length=10, db_index=False, help_text="email, sms …")
    report = models.ForeignKey(
        Report, null=True, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    follower = models.ForeignKey(
        Follower, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    alert = models.ForeignKey(
        AreaAlert, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    login = models.ForeignKey(
        LoginCode, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+",
        db_index=False, help_text="A member of staff",
    )  # fmt: skip
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.CASCADE, related_name="+", db_index=False,
        help_text="At its address of record",
    )  # fmt: skip
    subscription = models.ForeignKey(
        PushSubscription, null=True, on_delete=models.CASCADE, related_name="+",
        db_index=False, help_text="The browser, where the carrier is web push",
    )  # fmt: skip
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict, help_text="Codes and figures, never names or numbers")
    dedupe = models.CharField(max_length=120)
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
            models.UniqueConstraint(fields=["dedupe"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in NoticeState]),
                name="notice_state",
            ),
            models.CheckConstraint(
                condition=_one_of("report", "follower", "alert", "login", "user", "agency"),
                name="notice_to_one",
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
            models.Index(fields=["ended_at"], name="notice_over", condition=OVER),
            # A notice is to one of them: what is null in most rows is left out.
            *(
                models.Index(
                    fields=[to], name=f"notice_{to}", condition=models.Q(**{f"{to}__isnull": False})
                )
                for to in POINTING
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
