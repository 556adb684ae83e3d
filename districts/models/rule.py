"""Who answers for what."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models.agency import Agency
from districts.models.recorded import Recorded


class Rule(Recorded):
    """One responsibility rule; ``districts.routing`` says how the rules are read."""

    code = models.SlugField(max_length=60)
    basis = models.CharField(max_length=20, help_text="asset, service_area, area or fallback")
    priority = models.PositiveSmallIntegerField(default=100, help_text="Lower is tried first")
    sectors = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    categories = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    asset_kinds = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    assign = models.CharField(
        max_length=20, help_text="maintainer, owner, service_area, committee or agency"
    )
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering: ClassVar = ["priority", "code"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="rule_current_once",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(superseded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.code
