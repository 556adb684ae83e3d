"""What external geocoders answered, and when each may be asked again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ExternalAnswer(models.Model):
    """An answer kept until it expires.

    ``key`` is a hash of the service and of the words sent, so that no row tells what was asked.
    ``places`` is a list of {lon, lat, label, radius_m, sort}; empty where the service knew nothing.
    """

    key = models.CharField(max_length=64, unique=True)
    places = models.JSONField(default=list)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="external_answer_expiry")]

    def __str__(self) -> str:
        return self.key


class ExternalTurn(models.Model):
    """The next moment at which a service may be asked, by any process of this installation."""

    service = models.CharField(max_length=250, unique=True, help_text="nominatim, and its address")
    not_before = models.DateTimeField()

    def __str__(self) -> str:
        return self.service
