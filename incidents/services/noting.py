"""A sentence among colleagues."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from django.db import transaction

from incidents.actors import Actor
from incidents.errors import ReasonMissing, TextTooLong
from incidents.models import Event, Incident, Note
from incidents.permissions import Act
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident

LONGEST: Final = 2000


@transaction.atomic
def add_note(actor: Actor, incident_id: int, text: str) -> Note:
    """Keep a note that only offices read; its event holds the hash alone.

    Raises IncidentNotFound, PermissionDenied, ReasonMissing, TextTooLong.
    """
    words = text.strip()
    if not words:
        raise ReasonMissing
    if len(words) > LONGEST:
        raise TextTooLong(field="text", length=len(words), longest=LONGEST)
    incident = locked_incident(actor, Act.NOTE, incident_id)
    event = record(Happening("noted", incident, data={"sha256": digest_of(words)}), actor)
    note = write(incident, event, words, actor)
    incident.version += 1
    incident.save(update_fields=["version", "updated_at"])
    return note


def write(incident: Incident, event: Event, words: str, actor: Actor) -> Note:
    """Store the words that an event keeps the hash of."""
    return Note.objects.create(incident=incident, event=event, author_id=actor.user_id, text=words)


def digest_of(words: str) -> str:
    """Return the hash of a note's words as its event keeps it."""
    return sha256(words.encode()).hexdigest()
