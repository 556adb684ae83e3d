"""Links that let somebody without an account do one thing: their tokens, and who comes by them.

A token is reckoned from the row and the server's key and stored nowhere: it cannot be guessed, and
a copy of the database opens nothing.
"""

from __future__ import annotations

from django.utils import timezone

from incidents import tokens
from incidents.actors import Actor
from incidents.models import Incident, Link, Report
from incidents.models.link import Purpose
from incidents.permissions import Role
from incidents.work_errors import LinkExpired, LinkNotFound, LinkUsed


def token_of(link: Link) -> str:
    """Return a link's token: its number, and 128 bits that prove it."""
    return tokens.token_for("incidents.link", link.pk, link.purpose, link.nonce)


def read_link(token: str, purpose: Purpose) -> Link:
    """Return the link of a token. Raises LinkNotFound, LinkUsed, LinkExpired."""
    link = _named(token, purpose)
    if link is None or not tokens.is_same(token_of(link), token):
        raise LinkNotFound
    if link.ended_at is not None:
        raise LinkUsed
    if link.expires_at <= timezone.now():
        raise LinkExpired
    return link


def actor_of_link(link: Link) -> Actor:
    """Return who comes by a link: a contractor, or a reporter who answers."""
    role = Role.CONTRACTOR if link.purpose == Purpose.CONTRACTOR else Role.CITIZEN
    return Actor(role=role, incident=link.incident_id, link=link.pk)


def answer_link(report: Report, incident: Incident) -> Link | None:
    """Return the link by which a reporter answers now; one is made with every claim.

    None where nothing is claimed, or there is no way to reach the reporter.
    """
    live = Link.objects.filter(
        purpose=Purpose.ANSWER, report=report, incident=incident, ended_at=None,
        expires_at__gt=timezone.now(),
    )  # fmt: skip
    return live.order_by("-id").first()


def _named(token: str, purpose: Purpose) -> Link | None:
    found = Link.objects.select_related("incident__category", "report", "agency")
    return found.filter(pk=tokens.row_named(token), purpose=purpose).first()
