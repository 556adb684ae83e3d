"""All of one incident for the office that works on it; a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from districts import rulebook
from incidents.actors import Actor
from incidents.answers import Named, Words
from incidents.dossier import around as dossier_around
from incidents.dossier import history as dossier_history
from incidents.dossier import offers
from incidents.dossier.answers import (
    Candidate,
    ContactSeen,
    Delegation,
    Dossier,
    Due,
    Head,
    NoteSeen,
    Reasoning,
    Relative,
    Told,
)
from incidents.dossier.merged import merged_in
from incidents.families import why_missing
from incidents.links import token_of
from incidents.models import Contact, Follower, Incident, Link, Membership, Note, Report
from incidents.models.link import Purpose
from incidents.naming import agency_of, area_of, because_of, named
from incidents.permissions import Act, Reach
from incidents.selectors import SHAPES, visible_to
from incidents.visibility import NOBODYS, reached

RELATED = ("category__sector", "agency", "decision__rule", "ward__edition", "district__edition")
UNREAD = tuple(f"{area}__{column}" for area in ("ward", "district") for column in SHAPES)


def office_sees(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents whose dossier ``actor`` may open: its office's, not all public ones."""
    if actor.reach(Act.SEE) is Reach.PUBLIC:
        return Incident.objects.none()
    return Incident.objects.filter(reached(actor, Act.SEE))


def dossier(actor: Actor, incident_id: int, language: str) -> Dossier:
    """Return one incident.

    Raises IncidentNotFound, also for what is not the actor's office's; IncidentMerged.
    """
    rows = office_sees(actor).select_related(*RELATED).defer(*UNREAD)
    incident = rows.filter(pk=incident_id).first()
    if incident is None:
        raise why_missing(actor, incident_id, office_sees(actor))
    members = _members(actor, incident)
    history = dossier_history.read(actor, incident, [one.report_id for one in members], language)
    relatives = _relatives(actor, incident, language)
    may_call = actor.may(Act.SEE_CONTACTS, incident)
    contacts = [found for one in members if (found := _contact(one.report))] if may_call else []
    return Dossier(
        head=_head(incident, history.due, language),
        why=_why(incident, language),
        timeline=history.timeline,
        holds=history.holds,
        reports=tuple(_told(one, actor) for one in members),
        reads_words=actor.may(Act.READ_WORDS, incident),
        nearby=dossier_around.nearby(actor, incident, language),
        assets=dossier_around.assets(actor, incident, language),
        others=dossier_around.others(actor, incident, contacts, language),
        pictures=history.pictures,
        notes=_notes(actor, incident),
        parent=next((one for one in relatives if one.id == incident.parent_id), None),
        parts=tuple(one for one in relatives if one.id != incident.parent_id),
        merged_in=merged_in(actor, incident, language),
        merges=actor.may(Act.MERGE, incident),
        delegations=_delegations(actor, incident, language),
        late_needs_more=history.late_needs_more,
        approves=actor.may(Act.APPROVE_WORDS, incident),
        offered=offers.offered(actor, incident, history.clock),
    )


def _head(incident: Incident, due: Due, language: str) -> Head:
    category = incident.category
    followers = Follower.objects.filter(incident=incident, ended_at=None)
    return Head(
        id=incident.pk,
        version=incident.version,
        category=named(category, language),
        sector=named(category.sector, language),
        icon=category.icon,
        danger=category.danger,
        status=incident.status,
        public=incident.public,
        lon=incident.position.x,
        lat=incident.position.y,
        accuracy_m=incident.accuracy_m,
        ward=area_of(incident.ward, incident, language),
        district=area_of(incident.district, incident, language),
        agency=agency_of(incident.agency, language),
        needs_triage=incident.needs_triage,
        check_after=incident.check_after,
        opened=incident.opened_at,
        updated=incident.updated_at,
        closed=incident.closed_at,
        report_count=incident.report_count,
        too_count=incident.too_count,
        followers=followers.count(),
        due=due,
    )


def _why(incident: Incident, language: str) -> Reasoning | None:
    decision = incident.decision
    if decision is None:
        return None
    agencies = rulebook.current().agencies
    return Reasoning(
        because=because_of(incident, language),
        basis=decision.basis,
        rule=decision.rule.code if decision.rule else "",
        certainty=decision.certainty,
        threshold=decision.threshold,
        question=decision.question if language == "vi" else decision.question_en,
        candidates=tuple(
            Candidate(_named_by(one["agency"], language), one["share"], one.get("rule", ""))
            for one in decision.candidates
            if one["agency"] in agencies
        ),
        at=decision.decided_at,
    )


def _named_by(code: str, language: str) -> Named:
    return Named(code, rulebook.current().agency(code).in_language(language))


def _members(actor: Actor, incident: Incident) -> Sequence[Membership]:
    """The reports of today, oldest first; contacts are not even read where they may not be seen."""
    members = Membership.objects.filter(incident=incident, to_event=None)
    related = ["report"]
    if actor.may(Act.SEE_CONTACTS, incident):
        related.append("report__contact")
    members = members.select_related(*related).prefetch_related("report__photos")
    return list(members.order_by("report__reported_at", "report_id"))


def _contact(report: Report) -> Contact | None:
    return getattr(report, "contact", None)


def _told(member: Membership, actor: Actor) -> Told:
    report, incident = member.report, member.incident
    reads = actor.may(Act.READ_WORDS, incident)
    contact = _contact(report) if actor.may(Act.SEE_CONTACTS, incident) else None
    photos = tuple(photo.sha256 for photo in report.photos.all())
    return Told(
        report_id=report.pk,
        at=report.reported_at,
        channel=report.channel,
        words=Words(report.reported_at, report.text, photos) if reads else None,
        address=report.address if reads else "",
        approved=report.approved_at is not None,
        waits=report.approved_at is None and report.declined_at is None,
        contact=ContactSeen(contact.name, contact.phone, contact.email) if contact else None,
    )


def _notes(actor: Actor, incident: Incident) -> tuple[NoteSeen, ...]:
    if not actor.may(Act.NOTE, incident):
        return ()
    rows = Note.objects.filter(incident=incident).select_related("author").order_by("at", "pk")
    return tuple(NoteSeen(one.at, dossier_history.name_of(one.author), one.text) for one in rows)


def _relatives(actor: Actor, incident: Incident, language: str) -> list[Relative]:
    """The incident that this one is a part of, and its own parts, as far as they may be seen."""
    above = Q(pk=incident.parent_id) if incident.parent_id else NOBODYS
    rows = visible_to(actor).filter(above | Q(parent=incident))
    return [
        Relative(
            id=one.pk,
            category=named(one.category, language),
            status=one.status,
            agency=agency_of(one.agency, language),
            office=actor.may(Act.SEE, one),
        )
        for one in rows.select_related("category", "agency").order_by("pk")
    ]


def _delegations(actor: Actor, incident: Incident, language: str) -> tuple[Delegation, ...]:
    if not (actor.may(Act.DELEGATE, incident) or actor.may(Act.SEE_LEDGER, incident)):
        return ()
    now = timezone.now()
    links = Link.objects.filter(incident=incident, purpose=Purpose.CONTRACTOR)
    return tuple(
        Delegation(
            id=one.pk,
            contractor=agency_of(one.agency, language),
            made=one.made_at,
            expires=one.expires_at,
            ended=one.ended_at,
            open=one.ended_at is None and one.expires_at > now,
        )
        for one in links.select_related("agency").order_by("-pk")
    )


def link_token(actor: Actor, incident_id: int, link_id: int) -> str:
    """Return the token of an incident's link that still works; "" where there is none to show."""
    incident = office_sees(actor).filter(pk=incident_id).first()
    if incident is None or not actor.may(Act.DELEGATE, incident):
        return ""
    links = Link.objects.filter(incident=incident, purpose=Purpose.CONTRACTOR, ended_at=None)
    link = links.filter(pk=link_id).first()
    return token_of(link) if link else ""
