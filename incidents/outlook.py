"""What a reporter may expect of an incident now, and what they may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from incidents import closing, codes, deadline_rules, links
from incidents.actors import Actor
from incidents.answers import Named
from incidents.closing import Claim
from incidents.deadlines import is_late
from incidents.models import Custody, Incident, Link, Membership, Rating, Report
from incidents.models.link import Purpose
from incidents.promises import Promise, promise
from incidents.workflow import Status

ANSWERABLE = frozenset({Status.CLAIMED_DONE, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Rated:
    """What the reporter thought of the result."""

    stars: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes, by when, and what is asked; ``report`` and ``incident`` are rows' ids."""

    report: int
    incident: int
    version: int
    due: datetime | None
    late: bool
    promised: datetime | None
    """The new day that the agency named, while it is to come."""
    promise: Promise | None
    """How long past cases of the category took."""
    silent_until: datetime | None
    """When nobody's objection closes the case."""
    may_confirm: bool
    may_dispute: bool
    may_rate: bool
    rated: Rated | None

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer."""
        return self.may_confirm or self.may_dispute or self.may_rate

    @property
    def actor(self) -> Actor:
        """Whoever has shown that the report is theirs."""
        return Actor(incident=self.incident)


def outlook_of_code(code: str) -> Outlook | None:
    """Return the outlook of the report of a stored code; None while it is no incident."""
    return _outlook(Report.objects.filter(code=code).values_list("pk", flat=True).first())


@dataclass(frozen=True, slots=True)
class Answering:
    """What the one-time link of a notice opens; ``code`` is the report's, as people see it."""

    code: str
    actor: Actor
    outlook: Outlook | None


def answering(token: str) -> Answering:
    """Return what a link opens. Raises LinkNotFound, LinkUsed, LinkExpired."""
    link = links.read_link(token, Purpose.ANSWER)
    code = link.report.code if link.report else ""
    return Answering(codes.shown(code), links.actor_of_link(link), _outlook(link.report_id))


def code_behind(token: str) -> str:
    """Return the shown code of the report that a link was about, also of one that is over; else "".

    The message that held the link held the code too.
    """
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return ""
    found = Link.objects.select_related("report").filter(pk=int(number), purpose=Purpose.ANSWER)
    link = found.first()
    if link is None or link.report is None:
        return ""
    return (
        codes.shown(link.report.code) if constant_time_compare(links.token_of(link), token) else ""
    )


def rating_reasons(language: str) -> list[Named]:
    """Return what may be ticked beside the stars."""
    reasons = deadline_rules.rules().rating_reasons
    return [Named(one.code, one.names[language]) for one in reasons]


def _outlook(report_id: int | None) -> Outlook | None:
    members = Membership.objects.filter(report=report_id, to_event=None)
    member = members.select_related("incident__category").first()
    if member is None:
        return None
    incident, now = member.incident, timezone.now()
    custody = Custody.objects.filter(incident=incident, to_event=None).first()
    rating = Rating.objects.filter(report=report_id).first()
    open_to_answers = _is_answerable(incident, now)
    waiting = incident.status not in ANSWERABLE | {Status.REJECTED}
    return Outlook(
        report=member.report_id,
        incident=incident.pk,
        version=incident.version,
        due=incident.due_at,
        late=is_late(incident.due_at, now),
        promised=custody.promised_at if custody else None,
        promise=promise(incident.category_id) if waiting else None,
        silent_until=_silent_until(incident),
        may_confirm=open_to_answers and incident.status == Status.CLAIMED_DONE,
        may_dispute=open_to_answers,
        may_rate=open_to_answers and rating is None,
        rated=Rated(rating.stars, tuple(rating.reasons)) if rating else None,
    )


def _is_answerable(incident: Incident, now: datetime) -> bool:
    ended = incident.claimed_at or incident.closed_at
    if incident.status not in ANSWERABLE or ended is None:
        return False
    terms = deadline_rules.rules().terms(incident.category)
    return closing.may_answer(Claim(ended, proven=False), terms, now)


def _silent_until(incident: Incident) -> datetime | None:
    if incident.status != Status.CLAIMED_DONE or incident.claimed_at is None:
        return None
    terms = deadline_rules.rules().terms(incident.category)
    return closing.silence_ends(Claim(incident.claimed_at, proven=False), terms)
