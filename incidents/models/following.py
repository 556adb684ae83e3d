"""Who follows what, and what people think of the result."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField

from districts.models import Area
from incidents.models.event import Event
from incidents.models.incident import Incident
from incidents.models.report import Report


class Follower(models.Model):
    """Somebody who follows an incident without a report of their own; ``too``: it concerns them."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="followers")
    nonce = models.CharField(max_length=32)
    too = models.BooleanField(default=False, help_text="Said: me too")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, default="vi")
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, help_text="The address is really theirs")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"follower {self.pk}"


class AreaAlert(models.Model):
    """Somebody who wants to hear of what is reported in a ward, or around a point."""

    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    centre = models.PointField(srid=4326, null=True)
    radius_m = models.FloatField(null=True)
    categories = ArrayField(models.SlugField(max_length=40), default=list)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, default="vi")
    nonce = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"area alert {self.pk}"


class Rating(models.Model):
    """What a reporter thinks of the result, once for each report."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="rating")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="ratings")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.SlugField(max_length=30), default=list)
    words = models.CharField(max_length=1000, blank=True, help_text="Private")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stars__gte=1, stars__lte=5), name="rating_stars"
            ),
        ]

    def __str__(self) -> str:
        return f"rating of report {self.report_id}"


class PushSubscription(models.Model):
    """A browser that takes web push: a reporter's, for one report, or a member of staff's."""

    endpoint = models.URLField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    report = models.ForeignKey(Report, null=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=5, default="vi")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"push subscription {self.pk}"
