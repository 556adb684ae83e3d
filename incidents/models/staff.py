"""Who works with the service, as what, for whom and where."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models import Agency, Area
from incidents.permissions import Role

OFFICES = [role for role in Role if role not in {Role.CITIZEN, Role.CONTRACTOR}]


class Told(StrEnum):
    """How a member of staff hears of new cases."""

    EACH = "each"
    DIGEST = "digest"
    """Once a working day, all together; dangers at once."""
    NEVER = "never"


class Staff(models.Model):
    """A user's office. How far each of its permissions goes is ``permissions.PERMISSIONS``.

    ``agency`` stands for itself and all below it; ``areas`` are wards or former districts.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="staff"
    )
    role = models.SlugField(max_length=20, choices=[(role.value, role.value) for role in OFFICES])
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    areas = models.ManyToManyField(Area, blank=True, related_name="+")
    told = models.CharField(
        max_length=8,
        choices=[(way.value, way.value) for way in Told],
        default="digest",
        db_default="digest",
        help_text="How new cases of the agency are told of",
    )

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in OFFICES]), name="staff_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"
