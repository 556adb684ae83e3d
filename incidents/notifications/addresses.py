"""The pages that notices lead to."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from incidents import codes


def tracking(code: str) -> str:
    """Return the page of a report, for whoever holds its stored code."""
    return _at(f"/t/{codes.shown(code)}")


def answering(token: str) -> str:
    """Return the page on which a reporter says, once, whether it is fixed."""
    return _at(f"/a/{token}")


def mine() -> str:
    """Return the page of somebody's own reports, where they also have their contact erased."""
    return _at("/me")


def incident(number: int) -> str:
    """Return an incident's public page."""
    return _at(f"/i/{number}")


def case(number: int) -> str:
    """Return an incident's page in an office."""
    return _at(f"/case/{number}")


def queue(name: str) -> str:
    """Return an operators' queue: of reports without a place, or of cases without an agency."""
    return _at("/console/locate" if name == "place" else "/console/triage")


def following(token: str) -> str:
    """Return the page on which a follower confirms and ends it."""
    return _at(f"/f/{token}")


def alerting(token: str) -> str:
    """Return the page on which somebody confirms and ends an area alert."""
    return _at(f"/alerts/{token}")


def desk(**filters: str) -> str:
    """Return the desk with filters."""
    return _at("/desk" + (f"?{urlencode(filters)}" if filters else ""))


def _at(path: str) -> str:
    return f"{settings.WARDWISE_PUBLIC_URL.rstrip('/')}{path}"
