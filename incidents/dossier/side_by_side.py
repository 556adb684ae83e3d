"""Two incidents beside each other, as whoever decides about them sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from gis_core.positions import LonLat
from incidents.actors import Actor
from incidents.answers import Words
from incidents.dossier.answers import Dossier
from incidents.dossier.reading import dossier, office_sees
from incidents.duplicates.comparing import seen
from incidents.duplicates.likeness import Factor, apart_m, likeness
from incidents.duplicates.terms import current
from incidents.families import why_missing
from incidents.models import Incident, Membership, Pair, Report
from incidents.models.alike import Verdict
from incidents.permissions import Act
from incidents.visibility import reached


@dataclass(frozen=True, slots=True)
class Compared:
    """Two incidents, the one that would go on first; ``pair`` None: nobody had suggested them.

    ``probability`` is None where there is nothing to be compared, as with a part of a divided case.
    """

    older: Dossier
    newer: Dossier
    metres: float
    probability: float | None
    factors: tuple[Factor, ...]
    pair: int | None
    verdict: str


def compared(actor: Actor, one: int, other: int, language: str) -> Compared:
    """Return two incidents of the actor's office. Raises IncidentNotFound, IncidentMerged."""
    older, newer = _in_order(actor, one, other)
    kept = Pair.objects.filter(Q(newer=newer, older=older) | Q(newer=older, older=newer)).first()
    reckoned = None if kept else _reckoned(newer, older)
    factors = kept.factors if kept else ()
    return Compared(
        older=dossier(actor, older.pk, language),
        newer=dossier(actor, newer.pk, language),
        metres=apart_m(_place(older), _place(newer)),
        probability=kept.probability if kept else reckoned[0] if reckoned else None,
        factors=tuple(Factor(*fact) for fact in factors) if kept else (reckoned or (0, ()))[1],
        pair=kept.pk if kept else None,
        verdict=kept.verdict if kept else Verdict.NONE.value,
    )


def pair_ids(pair_id: int) -> tuple[int, int] | None:
    """Return the two incidents of a pair; None where there is no such pair."""
    return Pair.objects.filter(pk=pair_id).values_list("older", "newer").first()


def told_of(actor: Actor, ids: Iterable[int]) -> dict[int, list[Words]]:
    """Return what reporters of each incident wrote and photographed, where ``actor`` reads it."""
    members = Membership.objects.filter(
        reached(actor, Act.READ_WORDS, "incident__"), incident__in=list(ids), to_event=None
    )
    members = members.select_related("report").prefetch_related("report__photos")
    found: dict[int, list[Words]] = {}
    for member in members.order_by("report__reported_at", "report_id"):
        report = member.report
        photos = tuple(photo.sha256 for photo in report.photos.all())
        said = Words(report.reported_at, report.text, photos)
        found.setdefault(member.incident_id, []).append(said)
    return found


def _in_order(actor: Actor, one: int, other: int) -> Sequence[Incident]:
    """Return both, the one that would go on first: the earlier opened, then the smaller number."""
    rows = office_sees(actor).filter(pk__in=(one, other)).select_related("decision")
    found = list(rows.order_by("opened_at", "pk"))
    if len(found) != 2:
        missing = {one, other} - {row.pk for row in found} or {one}
        raise why_missing(actor, min(missing), office_sees(actor))
    return found


def _reckoned(newer: Incident, older: Incident) -> tuple[float, tuple[Factor, ...]] | None:
    first = _first_report(newer), _first_report(older)
    if first[0] is None or first[1] is None:
        return None
    found = likeness(seen(first[0], newer), seen(first[1], older), current())
    return found.probability, found.factors


def _first_report(incident: Incident) -> Report | None:
    members = Membership.objects.filter(incident=incident, to_event=None).select_related("report")
    member = members.order_by("report__reported_at", "report_id").first()
    return member.report if member else None


def _place(incident: Incident) -> LonLat:
    return LonLat(incident.position.x, incident.position.y)
