"""The rules and categories as they were held to be at an earlier moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from districts import rulebook
from districts.models import CatalogueChange, Category
from districts.models import Rule as RuleRow
from districts.routing import CategoryFacts, Rule


def rules_at(moment: datetime) -> tuple[Rule, ...]:
    """Return the rules that were in the catalogue at a moment, superseded since or not."""
    held = Q(superseded_at=None) | Q(superseded_at__gt=moment)
    rows = RuleRow.objects.filter(held, recorded_at__lte=moment).select_related("agency")
    return tuple(rulebook.as_value(row) for row in rows)


def category_at(code: str, version: int) -> CategoryFacts | None:
    """Return a category as a version of the catalogue had it; None where it was not there.

    What a later change found in the row is what the row said before it.
    """
    later = CatalogueChange.objects.filter(kind="category", code=code, id__gt=version)
    change = later.order_by("id").first()
    if change:
        return _facts(code, change.before) if change.before else None
    columns = ("sector_id", "danger", "certainty_threshold")
    row = Category.objects.filter(code=code).values_list(*columns).first()
    return CategoryFacts(code, *row) if row else None


def _facts(code: str, said: dict[str, Any]) -> CategoryFacts:
    return CategoryFacts(code, said["sector_id"], said["danger"], said["certainty_threshold"])
