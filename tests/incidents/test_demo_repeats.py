"""The demo has things that several people told of, so that there is something to put together."""

from __future__ import annotations

from incidents.made_up import demo
from incidents.made_up.demo_repeats import AGAIN
from incidents.models import Incident, Membership, Pair, Report
from incidents.workflow import Status

MADE = 90


def test_the_demo_has_what_several_people_told_of(town):
    """Some of it waits, some is merged; a desk wrote its own address for what it could not place.

    One test, for making it takes long.
    """
    demo.make(MADE)
    repeated = Report.objects.filter(key__contains=AGAIN)
    assert 5 <= repeated.count() <= MADE // 3
    assert len(set(repeated.values_list("text", flat=True))) > 2
    assert Incident.objects.filter(status=Status.MERGED).exists()
    assert Incident.objects.filter(report_count__gt=1).exists()
    of = dict(Membership.objects.filter(to_event=None).values_list("incident", "report__key"))
    right = [
        (newer, older)
        for newer, older in Pair.objects.values_list("newer", "older")
        if newer in of and older in of and told_first(of[newer]) == told_first(of[older])
    ]
    assert right
    desk = Report.objects.filter(position_method="geocoded")
    assert len({one.position.coords for one in desk}) == 1
    assert desk.count() >= MADE // demo.CALLED_IN // 2
    assert desk.values("category").distinct().count() > 3


def told_first(key):
    return key.split(AGAIN)[0]
