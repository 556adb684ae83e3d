"""What incidents are compared by: as long as it is the same, a verdict on two of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from incidents.models import Incident, Membership, Photo

MOST: Final = 50
"""Of an incident's reports the latest so many are named."""
Compared = Mapping[int, tuple[str, ...]]


def compared(ids: Collection[int]) -> Compared:
    """Return by incident its reports, their photos, its place and its category; three queries."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, cell, category in Incident.objects.filter(pk__in=ids).values_list(
        "pk", "cell", "category"
    ):
        found[pk] += [f"place:{cell}", f"category:{category}"[:40]]
    members = Membership.objects.filter(incident__in=ids, to_event=None).order_by("-report")
    of: dict[int, int] = {}
    for incident, report in members.values_list("incident", "report"):
        if len(found[incident]) < MOST:
            found[incident].append(f"report:{report}")
            of[report] = incident
    photos = Photo.objects.filter(report__in=of).exclude(phash=None)
    for report, phash in photos.values_list("report", "phash"):
        found[of[report]].append(f"photo:{phash}")
    return {pk: tuple(what) for pk, what in found.items()}
