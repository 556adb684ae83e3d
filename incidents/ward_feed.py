"""The news of one ward as an Atom feed (RFC 4287): only what everybody sees on the map."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from incidents.actors import ANYBODY
from incidents.models import Incident, Membership
from incidents.naming import agency_of, named
from incidents.selectors import RELATED, UNREAD, visible_to
from incidents.wards import Ward

MOST: Final = 50
SPACE: Final = "http://www.w3.org/2005/Atom"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
TAGGED: Final = "2026"
"""The year in which the ids were first given; they never change with it (RFC 4151)."""
EMPTY_SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""What a feed without entries says of its newest: always the same, so that it is cached."""
_UNPRINTABLE: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""What XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The document, and when the newest of its entries changed; None where there is none."""

    body: bytes
    updated: datetime | None


def feed_of(ward: Ward, language: str, standings: Mapping[str, str]) -> Feed:
    """Return the feed of a ward's 50 newest incidents; ``standings`` says each status in words."""
    rows = list(_rows(ward))
    words = _approved_words(rows)
    newest = max((row.updated_at for row in rows), default=None)
    ET.register_namespace("", SPACE)
    with override(language):
        feed = _head(ward, language, newest)
        for row in rows:
            feed.append(_entry(row, language, standings, words.get(row.pk, ())))
    return Feed(ET.tostring(feed, encoding="utf-8", xml_declaration=True), newest)


def _rows(ward: Ward) -> list[Incident]:
    seen = visible_to(ANYBODY).filter(ward=ward.id).select_related(*RELATED).defer(*UNREAD)
    return list(seen.order_by("-opened_at", "-id")[:MOST])


def _approved_words(rows: list[Incident]) -> dict[int, list[str]]:
    """Return by incident what its reporters wrote and an operator approved."""
    members = Membership.objects.filter(incident__in=[row.pk for row in rows], to_event=None)
    approved = members.filter(report__approved_at__isnull=False).exclude(report__text="")
    found: dict[int, list[str]] = {}
    ordered = approved.order_by("report__reported_at", "report_id")
    for pk, text in ordered.values_list("incident_id", "report__text"):
        found.setdefault(pk, []).append(text)
    return found


def _head(ward: Ward, language: str, newest: datetime | None) -> ET.Element:
    feed = ET.Element(_name("feed"), {LANGUAGE: language})
    own = reverse("pages:ward_feed", args=[ward.code])
    _text(feed, "id", tag(f"ward/{ward.code}"))
    _text(feed, "title", gettext("Incidents in %(ward)s") % {"ward": ward.name})
    _text(feed, "updated", (newest or EMPTY_SINCE).isoformat())
    _link(feed, "self", _public(own), "application/atom+xml")
    _link(feed, "alternate", _public(reverse("pages:map")), "text/html")
    author = ET.SubElement(feed, _name("author"))
    _text(author, "name", "Wardwise")
    return feed


def _entry(
    row: Incident, language: str, standings: Mapping[str, str], words: list[str] | tuple[()]
) -> ET.Element:
    entry = ET.Element(_name("entry"))
    category = named(row.category, language)
    agency = None if row.needs_triage else agency_of(row.agency, language)
    standing = standings.get(row.status, row.status)
    _text(entry, "id", tag(f"incident/{row.pk}"))
    _text(entry, "title", f"{category.name} · {standing}")
    _text(entry, "updated", row.updated_at.isoformat())
    _text(entry, "published", row.opened_at.isoformat())
    _link(entry, "alternate", _public(reverse("pages:incident", args=[row.pk])), "text/html")
    ET.SubElement(entry, _name("category"), {"term": category.code, "label": category.name})
    said = [standing, *([agency.name] if agency else []), *words]
    _text(entry, "summary", "\n".join(said))
    return entry


def tag(what: str) -> str:
    """Return a name that stays the same for ever, whatever address serves it (RFC 4151)."""
    return f"tag:{urlsplit(settings.WARDWISE_PUBLIC_URL).hostname},{TAGGED}:{what}"


def _public(path: str) -> str:
    return f"{settings.WARDWISE_PUBLIC_URL.rstrip('/')}{path}"


def _name(tag_name: str) -> str:
    return f"{{{SPACE}}}{tag_name}"


def _text(parent: ET.Element, tag_name: str, text: str) -> None:
    ET.SubElement(parent, _name(tag_name)).text = text.translate(_UNPRINTABLE)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, _name("link"), {"rel": rel, "href": href, "type": kind})
