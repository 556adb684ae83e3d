"""Taking away what never happened: the made-up reports of a channel, and all that came of them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from gis_core import sql
from incidents.models import Event, Incident, Membership, Report


@transaction.atomic
def remove_made_up(channel: str) -> int:
    """Remove every report of ``channel`` with its incident; return how many reports there were.

    The one verb that takes events away. An incident to which a report of another channel belongs,
    or ever belonged, is kept with all its reports.
    """
    real = Membership.objects.filter(incident=OuterRef("pk")).exclude(report__channel=channel)
    theirs = Membership.objects.filter(incident=OuterRef("pk"), report__channel=channel)
    incidents = list(
        Incident.objects.filter(Exists(theirs), ~Exists(real)).values_list("pk", flat=True)
    )
    elsewhere = Membership.objects.filter(report=OuterRef("pk")).exclude(incident__in=incidents)
    reports = list(
        Report.objects.filter(~Exists(elsewhere), channel=channel).values_list("pk", flat=True)
    )
    sql.run("incidents", "history_opened", {})
    Membership.objects.filter(incident__in=incidents).delete()
    Event.objects.filter(Q(incident__in=incidents) | Q(report__in=reports)).delete()
    Incident.objects.filter(pk__in=incidents).update(decision=None)
    Incident.objects.filter(pk__in=incidents).delete()
    Report.objects.filter(pk__in=reports).delete()
    sql.run("incidents", "history_closed", {})
    return len(reports)
