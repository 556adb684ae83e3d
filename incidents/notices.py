"""What became of notices, for operators: given up, tried again, or kept for lack of a carrier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Count

from incidents import keys
from incidents.actors import Actor
from incidents.models import Notice, NoticeState, Staff
from incidents.notifications.carriers import CARRIERS, is_there
from incidents.notifications.composing import audience_of, compose
from incidents.permissions import Act, Role

A_PAGE: Final = 20
MOST: Final = 200
"""Dead letters that are listed; how many there are is always told."""


_OPENING: Final = re.compile(r"/(a|f|alerts)/[^/\s\"'?]+")
"""Links with which their reader answers, or stops what they follow."""
_DIGITS: Final = re.compile(rf"\b\d{{{keys.CODE_DIGITS}}}\b")


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice that was given up, or is tried again; never with its words or its address."""

    id: int
    kind: str
    carrier: str
    audience: str
    incident: int | None
    attempts: int
    error: str
    created: datetime
    due: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice as it would have gone out; ``subject`` is "" where nobody is to be told any more."""

    id: int
    kind: str
    carrier: str
    state: str
    created: datetime
    due: datetime
    to: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    body: str = field(default="", repr=False)
    link: str = field(default="", repr=False)


def how_many_dead() -> int:
    """Return how many notices were given up."""
    return Notice.objects.filter(state=NoticeState.DEAD.value).count()


def waiting(actor: Actor) -> dict[str, int]:
    """Return how many notices wait to go out, by carrier. Raises PermissionDenied."""
    actor.must(Act.SEE_NOTICES)
    ready = Notice.objects.filter(state=NoticeState.READY.value)
    return dict(ready.order_by("carrier").values_list("carrier").annotate(Count("pk")))


def dead_letters(actor: Actor) -> list[Letter]:
    """Return what was given up, the newest first. Raises PermissionDenied."""
    actor.must(Act.SEE_NOTICES)
    dead = Notice.objects.filter(state=NoticeState.DEAD.value).select_related("incident")
    return [_letter(notice, actor) for notice in dead.order_by("-ended_at", "-pk")[:MOST]]


def tried_again(actor: Actor) -> list[Letter]:
    """Return what failed and will be tried again, the next one first. Raises PermissionDenied."""
    actor.must(Act.SEE_NOTICES)
    ready = Notice.objects.filter(state=NoticeState.READY.value).exclude(last_error="")
    ready = ready.select_related("incident")
    return [_letter(notice, actor) for notice in ready.order_by("due_at", "pk")[:MOST]]


def told(user_id: int) -> str:
    """Return how a member of staff hears of new cases; "" for who is none."""
    return Staff.objects.filter(pk=user_id).values_list("told", flat=True).first() or ""


def inbox_there() -> bool:
    """Tell whether something is kept here that would have gone out: a carrier is not configured."""
    return settings.DEBUG or bool(_kept_carriers())


def is_masked(actor: Actor) -> bool:
    """Tell whether the inbox covers what would let its reader act for somebody else."""
    return actor.role is not Role.ADMINISTRATOR


def inbox(actor: Actor, before: int | None = None) -> Sequence[Kept]:
    """Return the newest messages that no carrier took, below an id. Raises PermissionDenied.

    With DEBUG those that a carrier takes too. Nobody but an administrator reads the digits of
    other people's login codes, or the links with which they answer or stop notices. Each
    message costs a few queries; they are ``A_PAGE``.
    """
    actor.must(Act.SEE_NOTICES)
    carriers = list(CARRIERS) if settings.DEBUG else _kept_carriers()
    kept = Notice.objects.filter(carrier__in=carriers).order_by("-pk")
    below = kept.filter(pk__lt=before) if before else kept
    return [_kept(notice, actor) for notice in below[:A_PAGE]]


def _kept_carriers() -> list[str]:
    return [name for name in CARRIERS if not is_there(name)]


def _letter(notice: Notice, actor: Actor) -> Letter:
    incident = notice.incident
    return Letter(
        id=notice.pk,
        kind=notice.kind,
        carrier=notice.carrier,
        audience=audience_of(notice),
        incident=incident.pk if incident and actor.may(Act.SEE, incident) else None,
        attempts=notice.attempts,
        error=notice.last_error,
        created=notice.created_at,
        due=notice.due_at,
        ended=notice.ended_at,
    )


def _kept(notice: Notice, actor: Actor) -> Kept:
    message = compose(notice)
    about = (notice.pk, notice.kind, notice.carrier, notice.state, notice.created_at, notice.due_at)
    if message is None:
        return Kept(*about)
    body = message.body if notice.carrier == "email" else message.short
    said = (message.subject, body, message.link)
    if is_masked(actor):
        said = _masked(notice, *said)
    return Kept(*about, message.to, *said)


def _masked(notice: Notice, subject: str, body: str, link: str) -> tuple[str, str, str]:
    """Return the words without what would let their reader act for somebody else."""
    if notice.login_id is not None:
        subject, body = (_DIGITS.sub("••••••", words) for words in (subject, body))
    return subject, _OPENING.sub(r"/\1/••••••", body), _OPENING.sub(r"/\1/••••••", link)
