"""Who may see which photo: reporters' and those of the work."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from incidents.actors import Actor
from incidents.errors import PhotoNotFound
from incidents.models import Membership, Photo, WorkPhoto
from incidents.models.work import When
from incidents.permissions import Act
from incidents.selectors import visible_to
from incidents.visibility import EVERY, NOBODYS, public, reached


def may_see_photo(actor: Actor, sha256: str, code: str | None) -> bool:
    """Return whether the photo is public. Raises PhotoNotFound where ``actor`` may not see it.

    Public, on an incident that everybody sees: a reporter's that was approved, an office's of
    what it repaired. Besides, whoever may read the words of the incident sees all of its photos,
    and the holder of a report's code what was sent with that report and what shows the result.
    """
    said, worked = Photo.objects.filter(sha256=sha256), WorkPhoto.objects.filter(sha256=sha256)
    open_to_all = Membership.objects.filter(
        report=OuterRef("report"), to_event=None, incident__in=visible_to(Actor())
    )
    if said.exclude(report__approved_at=None).filter(Exists(open_to_all)).exists():
        return True
    if worked.filter(public("incident__"), shows=When.AFTER).exists():
        return True
    office = Membership.objects.filter(
        reached(actor, Act.READ_WORDS, "incident__"), report=OuterRef("report"), to_event=None
    )
    everything = EVERY if actor.may(Act.READ_WORDS) else NOBODYS
    mine = Q(report__code=code) if code else NOBODYS
    if said.filter(everything | mine | Exists(office)).exists():
        return False
    mine = _of_report(code) if code else NOBODYS
    if worked.filter(mine | reached(actor, Act.READ_WORDS, "incident__")).exists():
        return False
    raise PhotoNotFound


def _of_report(code: str) -> Q:
    """What its sender disputed with, and what shows the finished work on its incident."""
    members = Membership.objects.filter(report__code=code, to_event=None)
    return Q(event__report__code=code) | Q(
        shows=When.AFTER, incident__in=members.values("incident")
    )
