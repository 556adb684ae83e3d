"""A notice as its reader gets it: to whom, in which language, with which facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from incidents import keys, links
from incidents.actors import ANYBODY, actor_of
from incidents.models import AreaAlert, Contact, Follower, Incident, Notice
from incidents.notifications import addresses, digests, facts
from incidents.notifications.message import Browser, Message
from incidents.notifications.recipients import Audience, way_of
from incidents.notifications.texts import text


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a notice."""

    to: str
    language: str
    facts: Mapping[str, str]
    browser: Browser | None = None


def compose(notice: Notice) -> Message | None:
    """Return the message in its reader's language; None where there is nobody to tell any more."""
    audience = audience_of(notice)
    reader = _READERS[audience](notice)
    if reader is None:
        return None
    said = text(audience, notice.kind, reader.language).filled(reader.facts)
    return Message(
        reader.to,
        said.subject,
        said.body,
        said.short,
        reader.language,
        key=f"notice-{notice.pk}",
        link=reader.facts.get("link", ""),
        browser=reader.browser,
        stop=reader.facts.get("stop", ""),
    )


def audience_of(notice: Notice) -> Audience:
    """Return what the notice's reader is to us."""
    return way_of(notice).audience


def _is_public(notice: Notice) -> bool:
    incident = notice.incident
    return incident is None or tells_everybody(notice.kind, incident)


def tells_everybody(kind: str, incident: Incident) -> bool:
    """Tell whether everybody may hear news of a kind of an incident, as it is now.

    That it was rejected is the last that its followers hear of it.
    """
    return incident.public if kind == "rejected" else ANYBODY.sees(incident)


def _reporter(notice: Notice) -> Reader | None:
    report, browser = notice.report, _browser(notice)
    contact = Contact.objects.filter(report=report).first()
    to = _address(contact, notice.carrier)
    if report is None or not (to or browser):
        return None
    link = _answering(notice) or addresses.tracking(report.code)
    known = facts.of_report(report, report.language) | facts.of_incident(notice, report.language)
    pages = {"link": link, "mine": addresses.mine()}
    return Reader(to, report.language, known | pages, browser)


def _answering(notice: Notice) -> str:
    """Return the one-time link that a claim brings; "" for other kinds, and once it was used."""
    if notice.kind != "claimed_done" or not (notice.report and notice.incident):
        return ""
    link = links.answer_link(notice.report, notice.incident)
    return addresses.answering(links.token_of(link)) if link else ""


def _follower(notice: Notice) -> Reader | None:
    one = notice.follower
    to = _address(one, notice.carrier)
    if one is None or not to or one.ended_at or not _is_public(notice):
        return None
    stop = addresses.following(keys.token_of(one))
    asked = notice.kind == "confirm_following"
    link = stop if asked else addresses.incident(one.incident_id)
    known = facts.of_incident(notice, one.language) | {"link": link, "stop": stop}
    return Reader(to, one.language, known)


def _watcher(notice: Notice) -> Reader | None:
    one = notice.alert
    to = _address(one, notice.carrier)
    if one is None or not to or one.ended_at or not _is_public(notice):
        return None
    stop = addresses.alerting(keys.token_of(one))
    link = addresses.incident(notice.incident_id) if notice.incident_id else stop
    known = facts.of_incident(notice, one.language) | {"link": link, "stop": stop}
    return Reader(to, one.language, known)


def _login(notice: Notice) -> Reader | None:
    code = notice.login
    to = _address(code.contact, notice.carrier) if code else ""
    if code is None or not to or code.used_at or code.expires_at <= timezone.now():
        return None
    return Reader(to, code.contact.report.language, {"digits": keys.code_of(code)})


def _staff(notice: Notice) -> Reader | None:
    user, browser = notice.user, _browser(notice)
    to = user.email if user and notice.carrier == "email" else ""
    if user is None or not (to or browser) or not _may_be_told(user, notice.incident):
        return None
    language = notice.subscription.language if notice.subscription else settings.LANGUAGE_CODE
    if notice.kind == "digest":
        known = None if digests.is_stale(notice.created_at) else digests.facts(user, language)
        return Reader(to, language, known, browser) if known else None
    if notice.kind == "not_forwarded":
        waits = facts.of_waiting(notice, language)
        link = addresses.queue(str(notice.data.get("queue")))
        return Reader(to, language, {**waits, "link": link}, browser)
    known = facts.of_incident(notice, language)
    link = addresses.case(notice.incident_id) if notice.incident_id else addresses.desk()
    return Reader(to, language, {**known, "link": link}, browser)


def _agency(notice: Notice) -> Reader | None:
    """An agency at its address of record; only digests go there."""
    agency = notice.agency
    if agency is None or not agency.email or digests.is_stale(notice.created_at):
        return None
    language = settings.LANGUAGE_CODE
    known = digests.facts_of_agency(agency, language)
    return Reader(agency.email, language, known) if known else None


def _may_be_told(user: User, incident: Incident | None) -> bool:
    """Tell whether a member of staff still sees what was theirs when the notice was written."""
    return user.is_active and (incident is None or actor_of(user).sees(incident))


def _address(row: Contact | Follower | AreaAlert | None, carrier: str) -> str:
    """Return the address for a carrier; "" where it was erased, or a browser is told."""
    if row is None:
        return ""
    return {"email": row.email, "sms": row.phone}.get(carrier, "")


def _browser(notice: Notice) -> Browser | None:
    there = notice.subscription
    return Browser(there.endpoint, there.p256dh, there.auth) if there else None


_READERS: Final[Mapping[Audience, Callable[[Notice], Reader | None]]] = {
    Audience.REPORT: _reporter,
    Audience.FOLLOWER: _follower,
    Audience.ALERT: _watcher,
    Audience.LOGIN: _login,
    Audience.USER: _staff,
    Audience.AGENCY: _agency,
}
