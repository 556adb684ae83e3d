"""Two incidents that may be one: written down for a person when a report arrives."""

from __future__ import annotations

from collections.abc import Sequence

from incidents.duplicates.candidates import Candidate, candidates
from incidents.duplicates.comparing import seen
from incidents.models import Incident, Pair, Report


def look_for_pairs(report: Report, incident: Incident) -> list[Pair]:
    """Write down which open incidents this report's may be; return what is new.

    Part of the caller's transaction.
    """
    found = candidates(seen(report, incident), without=incident.pk)
    return keep_pairs(report, incident, [one for one in found if one.closed is None])


def keep_pairs(report: Report, incident: Incident, found: Sequence[Candidate]) -> list[Pair]:
    """Write down pairs that are not yet; the earlier opened is the older one."""
    rows = [_pair(report, incident, one) for one in found]
    known = set(
        Pair.objects.filter(newer__in={row.newer_id for row in rows}).values_list("newer", "older")
    )
    new = [row for row in rows if (row.newer_id, row.older_id) not in known]
    return Pair.objects.bulk_create(new, ignore_conflicts=True)


def _pair(report: Report, incident: Incident, one: Candidate) -> Pair:
    here, there = (incident.opened_at, incident.pk), (one.opened, one.incident_id)
    newer, older = (here, there) if here > there else (there, here)
    return Pair(
        newer_id=newer[1],
        older_id=older[1],
        report=report,
        probability=one.likeness.probability,
        factors=[[fact.name, fact.value, fact.log_odds] for fact in one.likeness.factors],
        evidence=[f"report:{report.pk}"],
    )
