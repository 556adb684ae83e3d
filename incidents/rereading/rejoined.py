"""What a re-join found: reads of the second readings."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from incidents.models import IncidentArea


def by_how(edition_id: int) -> list[tuple[str, int]]:
    """Return how many incidents were joined in each way, the most first."""
    rows = _read(edition_id).values_list("how")
    return list(rows.annotate(many=Count("incident")).order_by("-many", "how"))


def by_area(edition_id: int) -> dict[str, int]:
    """Return how many incidents lie in each area of the edition, by its code."""
    rows = _read(edition_id).exclude(area=None)
    return dict(rows.values_list("area__code").annotate(many=Count("incident")))


def _read(edition_id: int) -> QuerySet[IncidentArea]:
    """What was merged counts once, where it went."""
    return IncidentArea.objects.filter(edition=edition_id, incident__merged_into=None)
