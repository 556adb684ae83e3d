"""What lies in a ward of today, asked for in every way that filters are read."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import gettext

from districts.models import Area
from districts.wards_today import edition_today
from incidents.actors import ANYBODY
from incidents.columns.tiles import question
from incidents.exports import incidents_frame, rows
from incidents.filters import Filters, read_filters
from incidents.models import Incident
from map_ui import public_map_document
from tests import zoo
from tests.incidents.test_agency_filter import taken
from tests.incidents.test_column_tiles import columns_of
from tests.incidents.test_exports import incident

IN_101, IN_102 = (106.7052, 10.7653), (106.7152, 10.7653)


@pytest.fixture
def streets(town):
    """In 101 one of today, one reported in a ward of before, one in none; and five noises."""
    before = zoo.edition({"7": (106.6, 10.6, 106.8, 10.8)}, name="before", level="ward",
                         since=date(2020, 1, 1), until=zoo.SINCE).areas.get()  # fmt: skip
    ward = Area.objects.get(edition=edition_today().id, code="101")
    made = [incident("pothole", IN_101, ward=one) for one in (ward, before, None)]
    incident("pothole", IN_102, ward=before)
    for _ in range(5):
        incident("noise", IN_101, public=False, ward=ward)
    return {one.pk for one in made}


def test_a_ward_is_what_lies_in_it_today_wherever_it_is_asked_for(client, streets):
    query = {"ward": "101"}
    items = client.get("/ogc/collections/incidents/items", query).json()["features"]
    listed = client.get("/api/v1/incidents", query).json()["features"]
    assert {one["id"] for one in items} == {one["id"] for one in listed} == streets
    for path in ("/export/incidents.csv", "/api/v1/export/incidents.csv"):
        assert taken(client.get(path, query)) == {str(pk) for pk in streets}
    assert set(incidents_frame(ward="101")["id"]) == streets
    assert sum(client.get("/map/days.json", query).json()["counts"]) == 3
    document = public_map_document.document(read_filters(ward=["101"]))
    assert document.layers[1].points[:, 2].sum() == 3
    assert dict(document.parameters)[gettext("Ward of today")] == "Phường Zoo 101"
    assert len(client.get("/api/v1/incidents?ward=101,102").json()["features"]) == 4


def test_what_a_ward_has_of_sensitive_ones_is_not_counted(streets):
    """Taken off what all have, it could be a single case."""

    def cells(filters):
        wish = rows.Wish(ANYBODY, filters)
        return [row for batch in rows.table(wish).batches for row in batch if row[0] is None]

    asked = read_filters(ward=["101"])
    assert len(cells(Filters())) == 1
    assert cells(asked) == []
    words = columns_of(Incident.objects.all()).words
    assert question(words, Filters(), 1, all_of_it=False).question.worth.max() >= 1 << 30
    assert question(words, asked, 1, all_of_it=False).question.worth.max() < 1 << 30


def test_a_ward_that_there_is_not_is_said(client, town):
    for path in ("/tiles/incidents/9/407/240.mvt", "/map/days.json", "/export", "/export/map.html"):
        assert client.get(path, {"ward": "999"}).status_code == 422, path
    assert client.get("/ogc/collections/incidents/items?ward=999").status_code == 400


def test_the_map_offers_the_wards_by_name(client, town):
    """Under their kind, so that typing a name finds it."""
    page = client.get("/").content.decode()
    assert '<optgroup label="Phường">' in page
    assert '<option value="101">Zoo 101</option>' in page
    chosen = client.get("/export?ward=101,102").content.decode()
    assert '<option value="101,102" selected>Phường Zoo 101, Phường Zoo 102</option>' in chosen
