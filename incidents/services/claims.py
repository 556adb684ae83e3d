"""An agency's word that it is done: begun, and taken back when somebody says that it is not."""

from __future__ import annotations

import secrets
from datetime import datetime

from incidents import closing, deadline_rules
from incidents.closing import Claim
from incidents.models import Custody, Incident, Link, Report
from incidents.models.link import Purpose


def begin(incident: Incident, at: datetime) -> None:
    """Note since when it is said to be done, and make each reporter a link to answer by."""
    terms = deadline_rules.rules().terms(incident.category)
    incident.claimed_at = at
    incident.next_step_at = silence_ends(incident)
    reporters = Report.objects.filter(
        memberships__incident=incident, memberships__to_event=None
    ).exclude(contact=None)
    Link.objects.bulk_create(
        Link(
            purpose=Purpose.ANSWER.value,
            nonce=secrets.token_hex(16),
            incident=incident,
            report=report,
            expires_at=at + terms.answer,
        )
        for report in reporters
    )


def silence_ends(incident: Incident) -> datetime | None:
    """Return when a claim that nobody objects to closes the case; None without a claim."""
    if incident.claimed_at is None:
        return None
    terms = deadline_rules.rules().terms(incident.category)
    return closing.silence_ends(Claim(incident.claimed_at, proven=False), terms)


def take_back(incident: Incident, at: datetime) -> None:
    """Mark the custody whose claim did not hold, and end the links that asked about it."""
    incident.claimed_at = None
    claimed = Custody.objects.filter(incident=incident, ended_by="claimed_done").order_by("-id")
    last = claimed.first()
    if last and last.reopened_at is None:
        last.reopened_at = at
        last.save(update_fields=["reopened_at"])
    links = Link.objects.filter(incident=incident, purpose=Purpose.ANSWER, ended_at=None)
    links.update(ended_at=at)
