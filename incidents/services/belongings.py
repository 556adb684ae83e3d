"""What goes over with an incident's reports when it is merged, and comes back when that is undone.

What belongs to a report (its rating, its links) goes where the report goes; only a rating of what
came of the survivor stays there. Followers, notes and photos of the work were the incident's own;
they come back as the event *merged* lists them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from incidents.families import JOINED, below, mergings, way_up
from incidents.models import Event, Follower, Incident, Link, Membership, Note, Rating, WorkPhoto
from incidents.models.link import Purpose
from incidents.services import clocks

COLUMNS: Final = ("status", "needs_triage", "check_after", "report_count", "too_count")
MOMENTS: Final = ("held_since", "due_at", "next_step_at", "claimed_at", "closed_at")
_OWN: Final = (("followers", Follower), ("notes", Note), ("work_photos", WorkPhoto))


@dataclass(frozen=True, slots=True)
class Belongings:
    """Ids of rows, as the event *merged* keeps them."""

    reports: tuple[int, ...] = ()
    memberships: tuple[int, ...] = ()
    """Those that end with the merging."""
    followers: tuple[int, ...] = ()
    too: tuple[int, ...] = ()
    """Followers that were counted."""
    notes: tuple[int, ...] = ()
    work_photos: tuple[int, ...] = ()
    ratings: tuple[int, ...] = ()
    answer_links: tuple[int, ...] = ()
    contractor_links: tuple[int, ...] = ()
    """Those that end with the merging."""

    def as_data(self) -> dict[str, list[int]]:
        """Return it as an event keeps it."""
        return {name: list(ids) for name, ids in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Homecoming:
    """What comes back to an incident, and which of its reports went elsewhere since."""

    memberships: tuple[int, ...]
    reports: tuple[int, ...]
    elsewhere: tuple[int, ...]
    own: Mapping[str, tuple[int, ...]]
    """Followers, notes, photos of the work."""


def of(incident: Incident) -> Belongings:
    """Return what a locked incident has now."""
    rows = Membership.objects.filter(incident=incident, to_event=None).order_by("pk")
    members = list(rows.values_list("pk", "report_id"))
    reports = [report for _, report in members]
    followers = list(incident.followers.order_by("pk").values_list("pk", "too"))
    return Belongings(
        reports=tuple(reports),
        memberships=tuple(pk for pk, _ in members),
        followers=tuple(pk for pk, _ in followers),
        too=tuple(pk for pk, too in followers if too),
        notes=_ids(incident.notes.all()),
        work_photos=_ids(incident.work_photos.all()),
        ratings=_ids(incident.ratings.filter(report__in=reports)),
        answer_links=_ids(_answer_links(incident, reports)),
        contractor_links=_ids(clocks.lent_out(incident)),
    )


def columns(incident: Incident) -> dict[str, Any]:
    """Return the columns that merging changes, as they are before."""
    moments = {name: getattr(incident, name) for name in MOMENTS}
    return {
        **{name: getattr(incident, name) for name in COLUMNS},
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def put_columns(incident: Incident, before: Mapping[str, Any]) -> None:
    """Set the columns to what they were; the caller saves the incident."""
    for name in COLUMNS:
        setattr(incident, name, before[name])
    for name in MOMENTS:
        setattr(incident, name, _moment(before[name]))


def go_over(has: Belongings, survivor: Incident, merged: Event, joined: Event) -> None:
    """Move everything to the survivor: memberships end with the one event, begin with the other."""
    Membership.objects.filter(pk__in=has.memberships).update(to_event=merged)
    Membership.objects.bulk_create(
        Membership(report_id=report, incident=survivor, from_event=joined) for report in has.reports
    )
    for name, model in _OWN:
        model.objects.filter(pk__in=getattr(has, name)).update(incident=survivor)
    Rating.objects.filter(pk__in=has.ratings).update(incident=survivor)
    Link.objects.filter(pk__in=has.answer_links).update(incident=survivor)


def coming_home(source: Incident, root: Incident, merged: Event) -> Homecoming:
    """Return what of an event's list is still where that merging, or later ones, brought it."""
    rows = Membership.objects.filter(pk__in=merged.data["memberships"], to_event=merged)
    mine = dict(rows.order_by("pk").values_list("report_id", "pk"))
    gone = _taken_elsewhere(mine, merged)
    return Homecoming(
        memberships=tuple(pk for report, pk in mine.items() if report not in gone),
        reports=tuple(report for report in mine if report not in gone),
        elsewhere=tuple(sorted(set(merged.data["reports"]) - (set(mine) - gone))),
        own=_own_rows(source, root, merged),
    )


def counted(followers: Collection[int]) -> int:
    """Return how many of the followers said: me too."""
    return Follower.objects.filter(pk__in=followers, too=True).count()


def come_home(home: Homecoming, merged: Event, source: Incident, now: datetime) -> None:
    """Bring everything back; what ended with the merging goes on as if it never had."""
    Membership.objects.filter(report__in=home.reports, from_event__gt=merged.pk).delete()
    Membership.objects.filter(pk__in=home.memberships).update(to_event=None)
    for name, model in _OWN:
        model.objects.filter(pk__in=home.own[name]).update(incident=source)
    ratings = Rating.objects.filter(pk__in=merged.data["ratings"], report__in=home.reports)
    ratings.update(incident=source)
    links = Link.objects.filter(report__in=home.reports, purpose=Purpose.ANSWER, ended_at=None)
    links.exclude(pk__in=merged.data["answer_links"]).update(ended_at=now)
    links.update(incident=source)
    Link.objects.filter(pk__in=merged.data["contractor_links"]).update(ended_at=None)
    clocks.take_up(source, merged)


def _taken_elsewhere(mine: Collection[int], merged: Event) -> set[int]:
    """The reports that somebody took out since, and did not only merge."""
    later = Membership.objects.filter(report__in=mine, from_event__gt=merged.pk)
    return set(later.exclude(from_event__kind=JOINED).values_list("report_id", flat=True))


def _own_rows(source: Incident, root: Incident, merged: Event) -> dict[str, tuple[int, ...]]:
    """What of the incident's own is at the root by this merging.

    What left it again by an undoing, and came to the root on another way, is on the list of a
    later merging of another incident.
    """
    above = {source.pk, *way_up(source.pk)}
    others = mergings(set(below(root.pk)) - above).values()
    # Few: only these are read whole.
    later = [event for event in others if event.pk > merged.pk]
    return {
        name: _ids(
            model.objects.filter(pk__in=_listed(merged, name), incident=root).exclude(
                pk__in=[pk for event in later for pk in _listed(event, name)]
            )
        )
        for name, model in _OWN
    }


def _listed(event: Event, name: str) -> Collection[int]:
    ids: Collection[int] = event.data[name]
    return ids


def _answer_links(incident: Incident, reports: Collection[int]) -> QuerySet[Link]:
    live = Link.objects.filter(incident=incident, report__in=reports, ended_at=None)
    return live.filter(purpose=Purpose.ANSWER)


def _ids(rows: QuerySet[Any]) -> tuple[int, ...]:
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
