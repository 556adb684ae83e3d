"""Two incidents that may be one: written down for a person when a report arrives.

A report is never lost nor kept waiting for it: what fails here is looked at later by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from gis_core.errors import DomainError
from incidents.duplicates import terms as numbers
from incidents.duplicates.candidates import Candidate, candidates
from incidents.duplicates.compared import Compared, compared
from incidents.duplicates.comparing import seen
from incidents.duplicates.likeness import Likeness, surely
from incidents.duplicates.past_pairs import Found
from incidents.models import Incident, Pair, Report, ToCompare, Verdict
from incidents.models.incident import STILL_OPEN
from incidents.services.merging import BY_ITSELF, merge

Opened = tuple[datetime, int]
"""When an incident was opened, and its id."""
log = logging.getLogger(__name__)
WAKING: Final = (
    "report", "probability", "factors", "evidence", "verdict", "said_by", "said_at",
)  # fmt: skip


def on_arrival(report: Report, incident: Incident) -> None:
    """Look for pairs of a report that just became an incident; the last step of opening it.

    Part of the caller's transaction, of which nothing is lost whatever happens here.
    """
    try:
        with transaction.atomic():
            _look(report, incident)
    except Exception:
        log.exception("Report %s is compared later", report.pk)
        ToCompare.objects.get_or_create(report=report)


def _look(report: Report, incident: Incident) -> None:
    """Write down which open incidents this report's may be.

    Where its category allows it, and nothing else comes near, it is attached at once instead: here
    alone, for what is compared later may be before somebody's eyes.
    """
    found = candidates(seen(report, incident), without=incident.pk)
    _keep_open(report, incident, [one for one in found if one.closed is None])
    if found and found[0].closed is None and _is_sure(incident, found):
        _attach(incident, found[0])


def _keep_open(report: Report, incident: Incident, found: Sequence[Candidate]) -> None:
    """Write down pairs of an incident that was just opened: nobody knows any of it yet."""
    if not found:
        return
    has = compared([incident.pk, *(one.incident_id for one in found)])
    here = (incident.opened_at, incident.pk)
    there = [((one.opened, one.incident_id), one.likeness) for one in found]
    Pair.objects.bulk_create(
        [pair_row(report.pk, here, other, alike, has) for other, alike in there]
    )


@transaction.atomic
def keep_past_pairs(found: Sequence[Found]) -> list[Pair]:
    """Write down those pairs of a replayed history whose incidents are both open now."""
    ids = {pk for one in found for pk in (one.incident, one.other_incident)}
    still_open = Incident.objects.filter(STILL_OPEN, pk__in=ids).values_list("pk", "opened_at")
    opened = dict(still_open)
    has = compared(opened)
    rows: dict[tuple[int, int], Pair] = {}
    for one in found:
        if one.incident in opened and one.other_incident in opened:
            here, there = ((opened[pk], pk) for pk in (one.incident, one.other_incident))
            row = pair_row(int(one.case.id), here, there, one.likeness, has)
            before = rows.setdefault((row.newer_id, row.older_id), row)
            if row.probability > before.probability:
                rows[row.newer_id, row.older_id] = row
    return _keep(list(rows.values()))


def _keep(rows: Sequence[Pair]) -> list[Pair]:
    """Write down pairs, and wake those told apart before for which there is new evidence."""
    kept = Pair.objects.select_for_update(no_key=True).filter(
        newer__in={row.newer_id for row in rows}
    )
    before = {(pair.newer_id, pair.older_id): pair for pair in kept}
    new, again = [], []
    for row in rows:
        old = before.get((row.newer_id, row.older_id))
        if old is None:
            new.append(row)
        elif woken(old, row):
            again.append(old)
    Pair.objects.bulk_update(again, WAKING)
    return [*Pair.objects.bulk_create(new, ignore_conflicts=True), *again]


def woken(old: Pair, row: Pair) -> bool:
    """Take over what is new; False where there is nothing new, or it says no more than before."""
    if not set(row.evidence) - set(old.evidence):
        return False
    if old.verdict == Verdict.APART and row.probability < old.probability:
        return False
    old.report, old.probability, old.factors = row.report, row.probability, row.factors
    old.evidence = row.evidence
    if old.verdict == Verdict.APART:
        old.verdict, old.said_by, old.said_at = Verdict.NONE.value, None, None
    return True


def pair_row(report: int, here: Opened, there: Opened, found: Likeness, has: Compared) -> Pair:
    """Return the row of two incidents; the earlier opened is the older one."""
    (_, newer), (_, older) = sorted((here, there), reverse=True)
    return Pair(
        newer_id=newer,
        older_id=older,
        report_id=report,
        probability=found.probability,
        factors=[[fact.name, fact.value, fact.log_odds] for fact in found.factors],
        evidence=sorted({*has.get(newer, ()), *has.get(older, ())}),
    )


def _is_sure(incident: Incident, found: Sequence[Candidate]) -> bool:
    """Tell whether a report may be attached unasked: never on a point that tells nothing."""
    terms = numbers.current()
    least = terms.attach.get(incident.category_id)
    best = found[0]
    if least is None or best.default_point or best.category != incident.category_id:
        return False
    sure = min(surely(one.likeness for one in found), best.to_first)
    return sure >= max(least, terms.automatic)


def _attach(incident: Incident, best: Candidate) -> None:
    """Merge into what it surely is; where a rule of merging speaks against it, a person decides."""
    try:
        with transaction.atomic():
            merge(BY_ITSELF, incident.pk, best.incident_id)
    except DomainError as refusal:
        log.info("Incident %s is not attached: %s", incident.pk, refusal.code)
