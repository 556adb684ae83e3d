"""What is written to an agency as a whole, and when."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models import Agency


class AgencyNotices(models.Model):
    """An agency that wants a digest at its address of record (``Agency.email``).

    Without a row nothing is written to an agency: an address in the catalogue is no consent. Times
    are on the city's clock. In the quiet hours, which may go over midnight, neither the digest goes
    out nor does a telephone of the agency's staff ring.
    """

    agency = models.OneToOneField(
        Agency,
        verbose_name=_("agency"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    digest = models.BooleanField(
        _("digest"), default=True, help_text=_("One mail a working morning")
    )
    digest_from = models.TimeField(_("digest from"), default=time(7, 30))
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(7))

    class Meta:
        verbose_name = _("agency's notices")
        verbose_name_plural = _("agencies' notices")

    def __str__(self) -> str:
        return f"notices of agency {self.agency_id}"
