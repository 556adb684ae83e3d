"""Who may answer."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from gis_core.languages import in_language, in_sentence


class AgencyClass(models.TextChoices):
    """The service's three classes."""

    DEPARTMENT = "department"
    COMMITTEE = "committee"
    UTILITY = "utility"


class Agency(models.Model):
    """A department, a committee of a ward or commune, a utility or a contractor; a tree, as data.

    A body that is merged or dissolved gets its ``valid`` interval closed; the new one is a new row.
    """

    code = models.SlugField(max_length=60, unique=True)
    agency_class = models.CharField(max_length=20, choices=AgencyClass.choices)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    valid = DateRangeField()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    def in_sentence(self, language: str) -> str:
        """The name in ``language`` as it stands within a sentence."""
        return in_sentence(language, in_language(language, self.name, self.name_en))
