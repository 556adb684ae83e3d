"""Who is told that incidents were merged, or are not any more: each once, in words that fit.

What was still to be said of an incident that is merged is laid aside, since the survivor stands
otherwise; undoing takes it up again. A merging that nobody has heard of yet is not told at all when
it is undone; who has heard of it is told of the undoing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now

from incidents.families import MERGED
from incidents.models import Event, Follower, Incident, Notice, Report
from incidents.models.notice import NoticeState
from incidents.notifications import recipients
from incidents.notifications.composing import tells_everybody
from incidents.notifications.outbox import News, put

_READY = Q(state=NoticeState.READY.value)
_ASKS = Q(kind="confirm_following")


@dataclass(frozen=True, slots=True)
class Told:
    """Who heard of a merging: ids of the notices, and to whom they went."""

    notices: tuple[int, ...] = ()
    reports: tuple[int, ...] = ()
    followers: tuple[int, ...] = ()


def lay_aside(source: Incident) -> list[int]:
    """Drop what reporters and followers of a locked incident were still to hear; return the ids."""
    return _lay_aside(source, Q(report__isnull=False) | Q(follower__isnull=False))


def lay_aside_of(incident: Incident, reports: Collection[int]) -> list[int]:
    """Drop what the reporters of some reports were still to hear of an incident."""
    return _lay_aside(incident, Q(report__in=reports))


def ask_for(followers: Collection[int], incident: Incident) -> None:
    """Let what asks followers whether an address is theirs name the incident they follow now."""
    asking = Notice.objects.filter(_ASKS, _READY, follower__in=followers)
    asking.update(incident=incident)


def tell_of_move(
    event: Event,
    incident: Incident,
    reports: Collection[int],
    followers: Collection[int] = (),
    kind: str = "",
) -> None:
    """Write a notice for all whose report or following has come to an incident.

    Of the event's kind, or of another that fits better.
    """
    kind = kind or event.kind
    ways = recipients.reporters(Report.objects.filter(pk__in=reports))
    if followers and tells_everybody(kind, incident):
        ways += recipients.followers(Follower.objects.filter(pk__in=followers))
    put(ways, News(kind, str(event.pk), incident))


def withdraw(merged: Event, reports: Collection[int], followers: Collection[int]) -> Told:
    """Take back what was not sent of a merging and of all after it; return who has heard.

    A notice that was tried is not sure to be unheard. What was laid aside is to be said again.
    """
    theirs = Q(report__in=reports) | Q(follower__in=followers)
    news = Notice.objects.filter(theirs, kind=MERGED, created_at__gte=merged.at)
    heard = list(
        news.filter(Q(state=NoticeState.SENT.value) | _READY & Q(attempts__gt=0))
        .order_by("pk")
        .values_list("pk", "report_id", "follower_id")
    )
    _drop(list(news.filter(_READY).values_list("pk", flat=True)))
    laid = Notice.objects.filter(pk__in=merged.data["notices"], state=NoticeState.DROPPED.value)
    laid.filter(theirs).update(state=NoticeState.READY.value, ended_at=None, due_at=Now())
    return Told(
        tuple(pk for pk, _, _ in heard),
        tuple(sorted({report for _, report, _ in heard if report})),
        tuple(sorted({follower for _, _, follower in heard if follower})),
    )


def _lay_aside(incident: Incident, whose: Q) -> list[int]:
    waiting = Notice.objects.filter(_READY, whose, incident=incident).exclude(_ASKS)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    _drop(ids)
    return ids


def _drop(ids: Collection[int]) -> None:
    ready = Notice.objects.filter(_READY, pk__in=ids)
    ready.update(state=NoticeState.DROPPED.value, ended_at=Now())
