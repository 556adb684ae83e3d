"""An incident that was moved, renamed, merged or parted, held against what is known once more.

Pairs that hold no more leave the queue, others are weighed anew. What a person said stands: two
things stay two, and a report that was taken out of an incident is not asked to come back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q, QuerySet

from gis_core.positions import LonLat
from incidents.duplicates.candidates import Candidate, candidates
from incidents.duplicates.compared import compared
from incidents.duplicates.comparing import seen
from incidents.duplicates.likeness import Case
from incidents.families import TAKEN_OUT, below, root_of
from incidents.models import Incident, Membership, Pair, Report, Verdict
from incidents.services.pairing import WAKING, pair_row, woken
from incidents.workflow import OPEN

FIRST: Final = 3
"""Reports by which an incident is known to others that arrive: as many speak for it here."""
MOST: Final = 12
"""Reports that are asked about in all."""
OPEN_NOW: Final = [status.value for status in OPEN]


@dataclass(frozen=True, slots=True)
class _Find:
    """What an incident may be, and the report that is most like it."""

    report: int
    candidate: Candidate


def weigh_again(incident: Incident) -> None:
    """Look again for what an open incident may be, and put its pairs right.

    Part of the caller's transaction, which holds no lock on the incident: whoever changes it
    meanwhile asks for another look.
    """
    pairs = {_other(pair, incident): pair for pair in _unjudged(incident)}
    found = _found(incident, [pair.report_id for pair in pairs.values() if pair.report_id])
    for pk, pair in pairs.items():
        if pk not in found and (back := _found_from_there(incident, pair)):
            found[pk] = back
    _write(incident, found)
    gone = [pair.pk for pk, pair in pairs.items() if pk not in found]
    Pair.objects.filter(pk__in=gone).delete()


def _unjudged(incident: Incident) -> QuerySet[Pair]:
    """Return the pairs of an incident with open ones that nobody told apart, locked."""
    rows = _of([incident.pk]).exclude(verdict=Verdict.APART.value)
    still_open = rows.filter(newer__status__in=OPEN_NOW, older__status__in=OPEN_NOW)
    return still_open.select_for_update(of=("self",), no_key=True).order_by("pk")


def _of(ids: Collection[int]) -> QuerySet[Pair]:
    return Pair.objects.filter(Q(newer__in=ids) | Q(older__in=ids))


def _other(pair: Pair, incident: Incident) -> int:
    return pair.older_id if pair.newer_id == incident.pk else pair.newer_id


def _found(incident: Incident, finders: Collection[int]) -> dict[int, _Find]:
    """Return by incident what the reports of this one may be about, by the likeliest of them."""
    best: dict[int, _Find] = {}
    for case in _cases(incident, finders):
        report = int(case.id)
        still_open = [one for one in candidates(case, without=incident.pk) if one.closed is None]
        parted = _parted(incident, report, [one.incident_id for one in still_open])
        for one in still_open:
            before = best.get(one.incident_id)
            if one.incident_id in parted:
                continue
            if before is None or _probability(before) < one.likeness.probability:
                best[one.incident_id] = _Find(report, one)
    return best


def _probability(find: _Find) -> float:
    return find.candidate.likeness.probability


def _cases(incident: Incident, finders: Collection[int]) -> Iterator[Case]:
    """Yield the first reports of an incident, and those by which its pairs were found."""
    members = Membership.objects.filter(incident=incident, to_event=None).order_by("pk")
    reports = [member.report for member in members.filter(_first(members) | Q(report__in=finders))
               .select_related("report")[:MOST]]  # fmt: skip
    for number, report in enumerate(reports):
        case = seen(report, incident)
        # The first report stands where an office says that the thing is.
        yield _where_it_says(case, report) if number else case


def _first(members: QuerySet[Membership]) -> Q:
    return Q(pk__in=list(members.values_list("pk", flat=True)[:FIRST]))


def _where_it_says(case: Case, report: Report) -> Case:
    if report.position is None:
        return case
    here = LonLat(report.position.x, report.position.y)
    return replace(case, lonlat=here, accuracy_m=report.accuracy_m)


def _parted(incident: Incident, report: int, others: Sequence[int]) -> set[int]:
    """Return those that a person has parted a report from, under whatever name it went then."""
    root = {one: other for other in others for one in (other, *below(other))}
    apart = _of(root).filter(verdict=Verdict.APART.value, evidence__contains=[f"report:{report}"])
    known = {one.newer_id: one.older_id for one in apart} | {
        one.older_id: one.newer_id for one in apart
    }
    # A verdict on the very two is taken back by new evidence alone, where it is written.
    found = {root[one] for one, other in known.items() if one in root and other != incident.pk}
    return found | _taken_out(incident, report, root)


def _taken_out(incident: Incident, report: int, root: Mapping[int, int]) -> set[int]:
    """Return the roots that a report was taken out of, and those whose reports this one gave."""
    gone = Membership.objects.filter(to_event__kind=TAKEN_OUT)
    from_them = gone.filter(report=report, incident__in=root).values_list("incident", flat=True)
    given = gone.filter(incident=incident).values("report")
    theirs = Membership.objects.filter(report__in=given, incident__in=root, to_event=None)
    return {root[one] for one in (*from_them, *theirs.values_list("incident", flat=True))}


def _found_from_there(incident: Incident, pair: Pair) -> _Find | None:
    """Return what a report of the other incident says of this one today; None: nothing."""
    rows = Membership.objects.filter(report=pair.report_id, to_event=None)
    member = rows.select_related("report", "incident__decision").first()
    if member is None or root_of(member.incident_id) != _other(pair, incident):
        return None
    asking = seen(member.report, member.incident)
    for one in candidates(asking, without=member.incident_id):
        if one.incident_id == incident.pk:
            opened = member.incident.opened_at
            there = replace(one, incident_id=member.incident_id, opened=opened)
            return _Find(member.report_id, there)
    return None


def _write(incident: Incident, found: dict[int, _Find]) -> None:
    has = compared([incident.pk, *found])
    here = (incident.opened_at, incident.pk)
    before = {_other(pair, incident): pair
              for pair in _of([incident.pk]).select_for_update(no_key=True)}  # fmt: skip
    new, again = [], []
    for pk, find in found.items():
        there = (find.candidate.opened, pk)
        row, old = pair_row(find.report, here, there, find.candidate.likeness, has), before.get(pk)
        if old is None:
            new.append(row)
        elif old.verdict != Verdict.APART:
            again.append(_weighed(old, row))
        elif woken(old, row):
            again.append(old)
    Pair.objects.bulk_update(again, WAKING)
    Pair.objects.bulk_create(new, ignore_conflicts=True)


def _weighed(old: Pair, row: Pair) -> Pair:
    old.report, old.probability, old.factors = row.report, row.probability, row.factors
    old.evidence = row.evidence
    return old
