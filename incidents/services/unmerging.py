"""A merging is undone: what was merged stands by itself again, as if it had never been merged.

At any time, whatever happened since: also where the survivor was itself merged, was closed, or
gave some of the reports away. What cannot be undone (a notice that was sent, a report that went
elsewhere) is listed in the event *unmerged*; whoever was told of the merging is told again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.actors import Actor
from incidents.errors import IncidentChanged, IncidentNotFound, PermissionDenied
from incidents.families import PARTED, UNMERGED, as_before, mergings
from incidents.merge_errors import NothingLeft, NotMerged
from incidents.models import Event, Incident
from incidents.permissions import Act, Reach
from incidents.said import NOTHING_SAID, Said
from incidents.services import belongings, shared_clocks
from incidents.services.asking_again import ask_again
from incidents.services.belongings import Homecoming
from incidents.services.events import Happening, record
from incidents.services.lock_roots import locked_roots
from incidents.services.merge_notices import ask_for, tell_of_move, withdraw
from incidents.services.telling import tell_agency
from incidents.workflow import ENDED, Status


@transaction.atomic
def undo(actor: Actor, incident_id: int, said: Said = NOTHING_SAID) -> Incident:
    """Bring a merged incident back, and return it.

    Its status, agency and clock are what they were, and the clock has gone on meanwhile. Raises
    IncidentNotFound, PermissionDenied, IncidentChanged, NotMerged, NothingLeft.
    """
    source, root, merged = _locked(incident_id)
    _check_allowed(actor, source, root)
    if said.version is not None and said.version != source.version:
        raise IncidentChanged
    home = belongings.coming_home(source, root, merged)
    _check_left(source, root, home)
    too = _counted(merged, home)
    told = withdraw(merged, home.reports, home.own["followers"])
    _stand_alone(source, merged)
    belongings.come_home(home, merged, source, timezone.now())
    ask_for(home.own["followers"], source)
    source.report_count, source.too_count = len(home.reports), too
    data = {"from": root.pk, "reports": list(home.reports), "elsewhere": list(home.elsewhere)}
    data |= {"told": list(told.notices), **shared_clocks.keep(source)}
    unmerged = record(Happening(UNMERGED, source, reason=said.sentence, data=data), actor)
    source.save()
    _part(actor, source, root, home, said)
    tell_of_move(unmerged, source, told.reports, told.followers)
    if source.agency_id != root.agency_id and Status(source.status) not in ENDED:
        tell_agency(unmerged, source, UNMERGED)
    ask_again(source.pk, root.pk)
    return source


def _locked(incident_id: int) -> tuple[Incident, Incident, Event]:
    """Return a merged incident and what stands for it, both locked, and how it was merged."""
    found = {one.pk: one for one in locked_roots([incident_id], also=[incident_id])}
    source = found.pop(incident_id)
    if not found:
        raise NotMerged(id=incident_id)
    [root] = found.values()
    return source, root, mergings([incident_id])[incident_id]


def _check_allowed(actor: Actor, source: Incident, root: Incident) -> None:
    if actor.reach(Act.MERGE) is Reach.NONE:
        raise PermissionDenied
    before = as_before(source)
    if not (actor.sees(before) and actor.sees(root)):
        raise IncidentNotFound(id=source.pk)
    actor.must(Act.MERGE, before)
    actor.must(Act.MERGE, root)


def _check_left(source: Incident, root: Incident, home: Homecoming) -> None:
    """Raise where one of the two would have no report."""
    if not home.reports:
        raise NothingLeft(id=source.pk)
    if root.report_count <= len(home.reports):
        raise NothingLeft(id=root.pk)


def _counted(merged: Event, home: Homecoming) -> int:
    """Return how many follow the incident now who said: me too."""
    said: Mapping[str, Any] = merged.data
    kept = belongings.counted(home.own["followers"])
    return max(0, int(said["before"]["too_count"]) - len(said["too"]) + kept)


def _stand_alone(source: Incident, merged: Event) -> None:
    belongings.put_columns(source, merged.data["before"])
    source.merged_into = None
    source.version += 1
    source.save()


def _part(actor: Actor, source: Incident, root: Incident, home: Homecoming, said: Said) -> None:
    """Let the survivor go on without what came back."""
    root.report_count -= len(home.reports)
    root.too_count = max(0, root.too_count - source.too_count)
    data = {"to": source.pk, "reports": list(home.reports), **shared_clocks.keep(root)}
    record(Happening(PARTED, root, reason=said.sentence, data=data), actor)
    root.version += 1
    root.save()
