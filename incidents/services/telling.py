"""Tell people what happened, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from incidents import deadline_rules
from incidents.actors import actor_of
from incidents.deadline_rules import Tells, Waits
from incidents.models import AreaAlert, Event, Follower, Incident, LoginCode, Report
from incidents.models.staff import Told
from incidents.notifications import recipients, texts
from incidents.notifications.composing import tells_everybody
from incidents.notifications.outbox import News, put
from incidents.notifications.recipients import Audience, Way

GATHERED: Final = frozenset({"new_case"})
"""What staff who chose a digest hear of in it, and not at once."""
KEPT: Final = ("agency", "due", "promised")
"""What a notice keeps of its event: codes and moments."""


def tell(report: Report, event: Event, incident: Incident | None = None) -> None:
    """Write a notice of an event for one reporter, if there is a way to them."""
    ways = recipients.reporters(Report.objects.filter(pk=report.pk))
    put(ways, _news(event.kind, event, incident))


def tell_all(event: Event, incident: Incident) -> None:
    """Write a notice of an event for all whose report belongs to the incident, and all followers.

    A follower of what everybody may not see any more is not told.
    """
    ways = recipients.reporters_of(incident)
    if tells_everybody(event.kind, incident):
        ways += recipients.followers_of(incident)
    put(ways, _news(event.kind, event, incident))


def tell_agency(event: Event, incident: Incident, kind: str) -> None:
    """Write a notice of a kind for the staff of the agency that has the incident.

    Where it has none, for those of the nearest agency above. New cases are told of as each member
    of staff chose; dangers at once. Whoever did it themselves is not told.
    """
    users = recipients.users_of_agency(incident.agency_id)
    _tell_staff(users, _news(kind, event, incident), event)


def tell_roles(event: Event, incident: Incident, roles: Iterable[str], kind: str) -> None:
    """Write a notice for each role that a rung of the ladder names (``Tells``).

    The kind is ``escalated_<rung>``; a rung that the texts do not know is told as ``escalated``.
    """
    kind = kind if texts.known(Audience.USER, kind) else "escalated"
    users = [user for role in roles for user in _users(Tells(role), incident)]
    _tell_staff(users, _news(kind, event, incident), event)


def tell_waiting(event: Event, report: Report, incident: Incident | None) -> None:
    """Write a notice for whom a rung names while no agency has a report (``Waits``).

    The notice keeps the category, since when it waits and in which queue; nothing that was said.
    """
    ladder = {rung.code: rung.tells for rung in deadline_rules.rules().forward_ladder}
    users: set[int] = set()
    for role in ladder.get(str(event.data["step"]), ()):
        users |= set(_waiting_for(Waits(role), incident))
    data = {
        "category": report.category_id,
        "since": report.received_at.isoformat(),
        "queue": "triage" if incident else "place",
    }
    _tell_staff(sorted(users), News("not_forwarded", str(event.pk), incident, data), event)


def _waiting_for(role: Waits, incident: Incident | None) -> list[int]:
    if role is Waits.LEADER:
        return recipients.leaders()
    return recipients.operators_of(incident) if incident else recipients.operators()


def tell_login(code: LoginCode) -> None:
    """Write the notice that carries a login code, at any hour: somebody waits for it."""
    put([recipients.login(code)], News("login_code"))


def tell_alerts(event: Event, incident: Incident) -> None:
    """Write a notice of a new incident for those who asked to hear of its area.

    Everybody only where everybody may see it; staff with an area of their own where they may.
    """
    news = _news("new_nearby", event, incident)
    if tells_everybody(news.kind, incident):
        put(recipients.alerts_around(incident), news)
    watching = recipients.watchers_around(incident)
    _tell_staff([one.pk for one in watching if actor_of(one).sees(incident)], news, event)


def ask_follower(follower: Follower) -> None:
    """Write the notice that asks whether an address is really its owner's."""
    _ask(recipients.follower(follower), News("confirm_following", incident=follower.incident))


def ask_alert(alert: AreaAlert) -> None:
    """Write the notice that asks whether an address is really its owner's."""
    _ask(recipients.alert(alert), News("confirm_alert"))


def _ask(way: Way | None, news: News) -> None:
    put([way] if way else [], news)


def _tell_staff(users: Collection[int], news: News, event: Event) -> None:
    danger = news.incident is not None and news.incident.category.danger
    told = [Told.EACH] if news.kind in GATHERED and not danger else [Told.EACH, Told.DIGEST]
    others = [user for user in users if user != event.actor_id]
    put(recipients.staff(others, told), news)


def _users(role: Tells, incident: Incident) -> list[int]:
    if role is Tells.OPERATOR:
        return recipients.operators_of(incident)
    if role is Tells.LEADER:
        return recipients.leaders()
    agency = incident.agency
    if role is Tells.PARENT:
        return recipients.users_of_agency(agency.parent_id if agency else None)
    return recipients.users_of_agency(incident.agency_id)


def _news(kind: str, event: Event, incident: Incident | None) -> News:
    data: dict[str, Any] = {key: event.data[key] for key in KEPT if key in event.data}
    return News(kind, str(event.pk), incident, data)
