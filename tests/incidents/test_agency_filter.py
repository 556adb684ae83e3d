"""What an agency and those below it have, asked for in every way that filters are read."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.translation import gettext

from districts import rulebook
from districts.models import Agency, CatalogueChange
from incidents.actors import ANYBODY
from incidents.exports import incidents_frame, rows
from incidents.filters import Filters, read_filters
from incidents.models import Incident
from map_ui import public_map_document
from tests.incidents.test_exports import NOISY, incident
from tests.zoo import agency

ABOVE = "department"
"""It has a board below it, and that has a contractor below it."""


@pytest.fixture
def tree(town):
    """One incident of each of the three and one of a ward, five that are sensitive."""
    above = None
    for code in (ABOVE, "board", "contractor"):
        Agency.objects.filter(pk=agency(code).pk).update(parent=above)
        above = agency(code)
        incident("pothole", NOISY, agency=above)
    incident("pothole", NOISY, agency=agency("ubnd-101"))
    for _ in range(5):
        incident("noise", NOISY, public=False, agency=above)
    CatalogueChange.objects.create()


def of(*codes):
    return set(Incident.objects.filter(category="pothole", agency__code__in=codes)
               .values_list("pk", flat=True))  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (ABOVE, (ABOVE, "board", "contractor")),
        ("board", ("board", "contractor")),
        ("contractor, ubnd-101", ("contractor", "ubnd-101")),
    ],
)
def test_an_agency_stands_for_those_below_it_wherever_it_is_asked_for(client, tree, asked, meant):
    wanted, query = of(*meant), {"agency": asked}
    assert len(wanted) == len(meant)
    items = client.get("/ogc/collections/incidents/items", query).json()["features"]
    listed = client.get("/api/v1/incidents", query).json()["features"]
    assert {one["id"] for one in items} == {one["id"] for one in listed} == wanted
    for path in ("/export/incidents.csv", "/api/v1/export/incidents.csv"):
        assert taken(client.get(path, query)) == {str(pk) for pk in wanted}
    assert set(incidents_frame(agency=asked)["id"]) == wanted
    assert sum(client.get("/map/days.json", query).json()["counts"]) == len(wanted)
    asked_of = read_filters(agency=[asked])
    document = public_map_document.document(asked_of)
    assert document.layers[1].points[:, 2].sum() == len(wanted)
    named = [rulebook.current().agency(code.strip()).name for code in asked.split(",")]
    assert dict(document.parameters)[gettext("Agency")] == ", ".join(named)


def taken(answer):
    """Return the ids of a file: none is empty, so nothing of it is a count in a coarse cell."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {row["id"] for row in csv.DictReader(io.StringIO(text))}


def test_what_an_agency_has_of_sensitive_ones_is_not_counted(tree):
    """Taken off what all have, it could be a single case."""

    def cells(filters):
        wish = rows.Wish(ANYBODY, filters)
        return [row for batch in rows.table(wish).batches for row in batch if row[0] is None]

    assert len(cells(Filters())) == 1
    assert cells(read_filters(agency=[ABOVE])) == []


def test_an_agency_that_there_is_not_is_said_in_short(client, town):
    Agency.objects.bulk_create(
        Agency(code=f"office-{n:03}", name="Ban", agency_class="utility", valid="[2020-01-01,)")
        for n in range(200)
    )
    CatalogueChange.objects.create()
    told = client.get("/api/v1/incidents", {"agency": "dragon"}).json()
    assert told["code"] == "filter.bad_value"
    assert len(told["title"]) < 300
    for path in ("/tiles/incidents/9/407/240.mvt", "/map/days.json", "/export", "/export/map.html"):
        assert client.get(path, {"agency": "dragon"}).status_code == 422, path
    assert client.get("/ogc/collections/incidents/items?agency=dragon").status_code == 400
