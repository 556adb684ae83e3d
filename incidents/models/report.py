"""What one person said."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models.functions import Lower

from districts.models import Category
from incidents.report import ReportState


class Report(models.Model):
    """One person's statement, stored as it was accepted.

    ``code`` is the reporter's key to it. Words and photos are private until ``approved_at``.
    """

    code = models.CharField(max_length=16)
    channel = models.SlugField(max_length=30, db_index=False)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what was said")
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in ReportState],
        default="waiting",
    )
    state_reason = models.CharField(max_length=60, blank=True)
    # Nobody asks for reports by category, place or reader; each index would cost every report.
    category = models.ForeignKey(Category, on_delete=models.PROTECT, db_index=False)
    text = models.TextField(blank=True)
    address = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="Where it is, in words; private like the text",
    )
    language = models.CharField(max_length=5, default="vi")
    position = models.PointField(srid=4326, null=True, spatial_index=False)
    accuracy_m = models.FloatField(default=0)
    position_method = models.SlugField(max_length=20, default="pin", db_index=False)
    reported_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    forward_by = models.DateTimeField(
        null=True, blank=True,
        help_text="When the service's own time to hand it to an agency ends; null once it did",
    )  # fmt: skip
    next_step_at = models.DateTimeField(
        null=True, blank=True, help_text="When the watch looks next whether it was handed on"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    declined_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="An operator looked and kept words and photos private",
    )

    class Meta:
        constraints: ClassVar = [
            # Named here, for a unique text's own index brings a second one for LIKE.
            models.UniqueConstraint(fields=["code"], name="report_code"),
            models.UniqueConstraint(fields=["channel", "key"], name="report_channel_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in ReportState]),
                name="report_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                name="report_to_approve",
                condition=models.Q(approved_at=None, declined_at=None),
            ),
            models.Index(
                fields=["received_at"],
                name="report_waiting",
                condition=models.Q(state=ReportState.WAITING.value),
            ),
            models.Index(
                fields=["next_step_at"],
                name="report_next_step",
                condition=models.Q(next_step_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Contact(models.Model):
    """How to reach a reporter: apart from everything else, so that it can be erased."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["phone"], name="contact_phone", condition=~models.Q(phone="")),
            models.Index(Lower("email"), name="contact_email", condition=~models.Q(email="")),
        ]

    def __str__(self) -> str:
        return f"contact of report {self.report_id}"
