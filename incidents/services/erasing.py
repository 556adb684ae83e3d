"""Forgetting how a person can be reached."""

from __future__ import annotations

from django.db import transaction

from incidents.actors import ANYBODY
from incidents.models import AreaAlert, Contact, Follower, PushSubscription
from incidents.reaching import Address
from incidents.services.alerting import forget_alert
from incidents.services.events import Happening, record
from incidents.services.following import end_following


@transaction.atomic
def erase_contacts(address: Address) -> int:
    """Erase every contact with this address, end what it follows; return how many there were.

    The reports stay, and what waits to be told of them goes to nobody, to no browser either. The
    caller has seen that the address is the asker's.
    """
    contacts = list(
        address.among(Contact.objects.select_for_update(of=("self",)))
        .select_related("report")
        .order_by("pk")
    )
    PushSubscription.objects.filter(report__contact__in=contacts).delete()
    for contact in contacts:
        record(Happening("contact_erased", report=contact.report), ANYBODY)
        contact.delete()
    # Without their incidents: a join would lose a row that another incident gets at this moment.
    rows = Follower.objects.filter(ended_at=None)
    for row in address.among(rows.select_for_update()):
        end_following(row)
    for alert in address.among(AreaAlert.objects.filter(ended_at=None).select_for_update()):
        forget_alert(alert)
    return len(contacts)
