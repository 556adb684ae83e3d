"""A polygon of an edition."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from districts.models.agency import Agency
from districts.models.edition import Edition
from districts.territory import AreaRef


class Area(models.Model):
    """A polygon of an edition. Its key is (edition, code): codes are used again elsewhere."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40, blank=True, help_text="Phường, Xã, Đặc khu, Quận …")
    shape = models.MultiPolygonField(srid=4326)
    label_point = models.PointField(srid=4326)
    committee = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="areas"
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="area_edition_code"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()

    def ref(self) -> AreaRef:
        """The area as placement finds it; read with its edition and its committee."""
        return AreaRef(
            id=self.pk,
            level=self.edition.level,
            code=self.code,
            name=self.name,
            kind=self.kind,
            edition=self.edition.name,
            committee=self.committee.code if self.committee else None,
            approximate=self.edition.approximate,
        )
