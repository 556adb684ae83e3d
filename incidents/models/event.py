"""What happened, in order, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func

from incidents.models.incident import Incident
from incidents.models.report import Report

if TYPE_CHECKING:
    Number = models.BigIntegerField[int, int]
else:
    Number = models.BigIntegerField


class TransactionIdField(Number):
    """PostgreSQL's 64-bit transaction id."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002  Django's signature
        """The column's type: ``xid8`` compares as a number and never wraps around."""
        return "xid8"


class Event(models.Model):
    """What happened, who did it, and why; rows are only ever added (the database sees to it).

    Ids are not commit order: followers read below the oldest open writer, ordered by
    (``transaction``, ``id``). ``data`` holds ids, codes and hashes, never names or numbers.
    """

    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.PROTECT, related_name="events"
    )
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="events")
    # Few values in very many rows: an index of them alone would serve nobody.
    kind = models.SlugField(max_length=40, db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False
    )
    actor_kind = models.SlugField(
        max_length=20, db_index=False, help_text="citizen, operator, system …"
    )
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    transaction = TransactionIdField(
        db_default=Func(function="incidents_transaction", output_field=TransactionIdField()),
        editable=False,
    )

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["transaction", "id"], name="event_followed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
