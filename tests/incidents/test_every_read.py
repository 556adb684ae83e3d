"""Every read gives each role what ``visible_to`` gives it: list, card, tile, stream, photos."""

from __future__ import annotations

import json

import pytest

from gis_core.positions import LonLat
from gis_core.tiles import tile_of
from incidents import feed, listing, selectors, shown_photos, tile_selectors
from incidents.errors import IncidentNotFound, PhotoNotFound
from incidents.feed import Cursor
from incidents.filters import Filters
from incidents.models import Event, Membership, Photo, Report, WorkPhoto
from incidents.permissions import Act, Role
from incidents.selectors import visible_to
from incidents.workflow import Status
from tests import mvt
from tests.incidents.conftest import INSIDE
from tests.incidents.test_permissions import everyone, incidents, tree, two_wards

__all__ = ["everyone", "incidents", "tree", "two_wards"]
TILE = tile_of(LonLat(*INSIDE), 16)


def seen_by(actor):
    return set(visible_to(actor).values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_list_and_each_card(everyone, incidents):
    for actor in everyone:
        content = listing.collection(actor, Filters(), limit=100, cursor=None, language="vi")
        listed = {feature["id"] for feature in json.loads(content)["features"]}
        assert listed == seen_by(actor), actor.role
        found = {one.pk for one in incidents if is_found(selectors.card, actor, one.pk, "vi")}
        assert found == seen_by(actor), actor.role


@pytest.mark.django_db
def test_the_tiles(everyone, incidents):
    """Who came by a link has no map of their own: what everybody has."""
    for actor in everyone:
        if actor.role is not Role.CONTRACTOR:
            body = tile_selectors.tile(TILE, Filters(), actor)
            drawn = mvt.features(body, "incidents", TILE)
            assert {one.properties["id"] for one in drawn} == seen_by(actor), actor.role


@pytest.mark.django_db(transaction=True)
def test_the_stream(everyone, incidents):
    before = feed.now()
    Event.objects.bulk_create(Event(incident=one, kind="noted") for one in incidents)
    changes = feed.changes_after(Cursor(before.transaction, before.event))
    assert {change.pk for change in changes} == {one.pk for one in incidents}
    for actor in everyone:
        assert {one.pk for one in changes if actor.sees(one)} == seen_by(actor), actor.role


@pytest.mark.django_db
def test_photos_that_nobody_has_approved(everyone, incidents):
    """A reporter's and an office's are seen by whoever may read the case's words, alone."""
    public_and_not = [one for one in incidents if one.status == Status.ASSIGNED]
    for one in public_and_not:
        with_photos(one)
    for actor in everyone:
        for one in public_and_not:
            for sha256 in (f"said-{one.pk}", f"work-{one.pk}"):
                found = is_found(shown_photos.may_see_photo, actor, sha256, None)
                assert found == actor.may(Act.READ_WORDS, one), (actor.role, sha256)


def with_photos(one):
    report = Report.objects.create(
        code=f"C{one.pk}", channel="web", key=str(one.pk), category=one.category, state="incident",
        reported_at=one.opened_at,
    )  # fmt: skip
    event = Event.objects.create(incident=one, kind="in_progress")
    Membership.objects.create(report=report, incident=one, from_event=event)
    size = {"width": 1, "height": 1}
    Photo.objects.create(report=report, sha256=f"said-{one.pk}", **size)
    WorkPhoto.objects.create(
        incident=one, event=event, shows="before", sha256=f"work-{one.pk}", **size
    )


def is_found(read, *asked):
    try:
        read(*asked)
    except (IncidentNotFound, PhotoNotFound):
        return False
    return True
