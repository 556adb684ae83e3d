"""What an incident's page says in words: roles, channels, endings, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from incidents.dossier.answers import AssetHistory
from incidents.dossier.around import asset_title as title_of
from incidents.due_clocks import DueClock
from incidents.permissions import Act, Role
from map_ui import catalogue
from map_ui.agency_choices import AgencyGroup
from map_ui.desk_words import clock_of
from map_ui.due_words import due_moment, due_words, last_day
from map_ui.event_words import kind_name
from map_ui.templatetags.wardwise import percent

register = template.Library()
Words = Mapping[str, str | Promise]

ROLES: Final[Words] = {
    "system": _("the service itself"),
    Role.CITIZEN: _("a reporter"),
    Role.CONTRACTOR: _("contractor"),
    Role.WARD_STAFF: _("ward staff"),
    Role.AGENCY_STAFF: _("agency staff"),
    Role.DISTRICT_OPERATOR: _("district operator"),
    Role.OPERATOR: _("operator"),
    Role.PLANNER: _("planner"),
    Role.LEADER: _("leader"),
    Role.OVERSIGHT: _("oversight"),
    Role.ADMINISTRATOR: _("administrator"),
}
CHANNELS: Final[Words] = {
    "web": _("by the web form"),
    "demo": _("made up for the demonstration"),
}
ENDINGS: Final[Words] = {
    "claimed_done": _("reported fixed"),
    "declined": _("declined"),
    "assigned": _("given on"),
    "rejected": _("rejected"),
    "split": _("divided"),
    "closed": _("closed"),
    "merged": _("merged"),
    "recategorised": _("category changed"),
}
SHOWS: Final[Words] = {
    "before": _("Before the work"),
    "after": _("After the work"),
    "disputed": _("What is still wrong"),
}


class Openable(Protocol):
    """A neighbour or relative of an incident."""

    @property
    def id(self) -> int: ...
    @property
    def office(self) -> bool: ...


@register.filter
def role_name(kind: str) -> str | Promise:
    """Return what a role is called."""
    return ROLES.get(kind, kind)


@register.filter
def event_name(kind: str) -> str | Promise:
    """Return what happened, by the kind of event."""
    return kind_name(kind)


@register.filter
def channel_name(code: str) -> str | Promise:
    """Return how a report came in."""
    return CHANNELS.get(code, code)


@register.filter
def ended_name(kind: str) -> str | Promise:
    """Return how a custody ended."""
    return ENDINGS.get(kind, kind)


@register.filter
def shows_name(shows: str) -> str | Promise:
    """Return what a photo of the work shows."""
    return SHOWS.get(shows, shows)


@register.filter
def in_order_for(groups: Sequence[AgencyGroup], act: str) -> Sequence[AgencyGroup]:
    """Return groups of agencies as a step looks for one: where work is lent, contractors first."""
    return groups[::-1] if act == Act.DELEGATE else groups


for said in (due_moment, last_day):
    register.filter(said.__name__, said)


@register.simple_tag(name="clock_of")
def clock_tag(clock: DueClock) -> SafeString:
    """Return a clock as a shape, words, and the moment itself."""
    return clock_of(clock)


@register.filter
def clock_words(clock: DueClock) -> str:
    """Return how much time is left, or how late it is."""
    return due_words(clock)


@register.filter
def share_of_one(share: float) -> str:
    """Return a share of one as whole percent."""
    return str(percent(share))


@register.filter
def as_percent(share: float) -> int:
    """Return a share of one as a number of at most 100."""
    return min(round(share * 100), 100)


@register.filter
def asset_title(asset: AssetHistory) -> str:
    """Return what an asset is called."""
    return title_of(asset, catalogue.language())


@register.filter
def case_link(one: Openable) -> str:
    """Return the incident's own page for whose office it is, else its public card."""
    return reverse("pages:case" if one.office else "pages:incident", args=[one.id])
