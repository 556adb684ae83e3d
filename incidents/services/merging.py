"""Two incidents are found to be one: the later opened is merged into the earlier.

Reports go over to the survivor, and with them followers, notes, photos of the work, ratings and
links to answer by; no words are touched. Whatever the order of several merges, the same incident
survives with the same reports. What was moved, and what was before, is kept in the event
*merged*, from which ``unmerging.undo`` brings it all back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from gis_core import languages
from incidents.actors import Actor
from incidents.errors import IncidentChanged, IncidentNotFound, PermissionDenied
from incidents.families import JOINED, MERGED, root_of
from incidents.merge_errors import (
    AgenciesDiffer,
    EndedIncident,
    NotMergeable,
    PrivacyDiffers,
    SameIncident,
)
from incidents.models import Incident
from incidents.permissions import Act, Reach, Role
from incidents.said import NOTHING_SAID, Said
from incidents.services import belongings, clocks, shared_clocks
from incidents.services.asking_again import ask_again
from incidents.services.events import Happening, record
from incidents.services.lock_roots import locked_roots
from incidents.services.merge_notices import ask_for, lay_aside, tell_of_move
from incidents.services.telling import tell_agency
from incidents.workflow import ENDED, Status

BY_ITSELF: Final = Actor(role=Role.ADMINISTRATOR)
"""Who merges where the service does it of itself; events keep *system*."""
ANYONE: Final[Mapping[int, int]] = {}


@transaction.atomic
def merge(
    actor: Actor,
    one_id: int,
    other_id: int,
    said: Said = NOTHING_SAID,
    *,
    agency: str | None = None,
    versions: Mapping[int, int] = ANYONE,
) -> Incident:
    """Say that two incidents are one, and return the survivor: the earlier opened of the two.

    One that was merged already stands for what it was merged into. ``agency`` is the code of the
    survivor's holder ("" for none), to which the actor agrees where the other one has another;
    ``versions`` are those of the incidents that were before the actor's eyes, by id. Raises
    IncidentNotFound, PermissionDenied, IncidentChanged, SameIncident, EndedIncident,
    AgenciesDiffer, NotMergeable, PrivacyDiffers.
    """
    if root_of(one_id) == root_of(other_id):
        raise SameIncident(id=root_of(one_id))
    return merge_group(actor, (one_id, other_id), said, agency=agency, versions=versions)


@transaction.atomic
def merge_group(
    actor: Actor,
    ids: Collection[int],
    said: Said = NOTHING_SAID,
    *,
    agency: str | None = None,
    versions: Mapping[int, int] = ANYONE,
) -> Incident:
    """Say that several incidents are one; all of them are merged or none. Else as ``merge``."""
    roots = locked_roots(ids)
    _check_seen(actor, roots, versions)
    survivor, *others = sorted(roots, key=lambda one: (one.opened_at, one.pk))
    if not others:
        raise SameIncident(id=survivor.pk)
    for source in others:
        _check(source, survivor, said, agency)
    for source in others:
        _merge(actor, source, survivor, said)
    ask_again(survivor.pk)
    return survivor


def _check_seen(actor: Actor, roots: Sequence[Incident], versions: Mapping[int, int]) -> None:
    """Raise where the actor may not merge one of them, or saw another state of it."""
    if actor.reach(Act.MERGE) is Reach.NONE:
        raise PermissionDenied
    for one in roots:
        if not (actor.sees(one) or actor.may(Act.MERGE, one)):
            raise IncidentNotFound(id=one.pk)
    current = {one.pk: one.version for one in roots}
    if any(current.get(pk) != version for pk, version in versions.items()):
        raise IncidentChanged
    for one in roots:
        actor.must(Act.MERGE, one)


def _check(source: Incident, survivor: Incident, said: Said, agency: str | None) -> None:
    """Raise where the two may not be one, or only with the actor's agreement."""
    for one in (source, survivor):
        if one.status == Status.SPLIT or one.parent_id or one.parts.exists():
            raise NotMergeable(id=one.pk)
    if source.public != survivor.public:
        raise PrivacyDiffers(hidden=survivor.pk if source.public else source.pk)
    for one in (source, survivor):
        if Status(one.status) in ENDED and not said.words.strip():
            raise EndedIncident(ended=one.pk)
    kept = survivor.agency.code if survivor.agency else ""
    if source.agency and source.agency_id != survivor.agency_id and agency != kept:
        language = languages.active()
        after = survivor.agency.in_sentence(language) if survivor.agency else "–"
        raise AgenciesDiffer(before=source.agency.in_sentence(language), after=after, agency=kept)


def _merge(actor: Actor, source: Incident, survivor: Incident, said: Said) -> None:
    """Merge one locked incident into another, both allowed and checked."""
    now, has, too = timezone.now(), belongings.of(source), source.too_count
    data = {"into": survivor.pk, **has.as_data(), "before": belongings.columns(source)}
    data["notices"] = lay_aside(source)
    merged = record(Happening(MERGED, source, reason=said.sentence, data=data), actor)
    if source.agency_id != survivor.agency_id and Status(source.status) not in ENDED:
        tell_agency(merged, source, MERGED)
    clocks.release(source, merged, now)
    clocks.end_lending(source, now)
    _put_away(source, survivor)
    data = {"from": source.pk, "reports": list(has.reports), **shared_clocks.keep(survivor)}
    joined = record(Happening(JOINED, survivor, reason=said.sentence, data=data), actor)
    belongings.go_over(has, survivor, merged, joined)
    ask_for(has.followers, survivor)
    survivor.report_count += len(has.reports)
    survivor.too_count += too
    survivor.version += 1
    survivor.save()
    tell_of_move(merged, survivor, has.reports, has.followers)


def _put_away(source: Incident, survivor: Incident) -> None:
    """Take an incident off every list and clock; who had it last stays written on it."""
    clocks.end(source)
    source.status, source.merged_into = Status.MERGED.value, survivor
    source.claimed_at = source.closed_at = None
    source.needs_triage = source.check_after = False
    source.report_count = source.too_count = 0
    source.version += 1
    source.save()
