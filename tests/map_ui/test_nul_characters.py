"""The NUL character, which no database keeps, is refused with a sentence wherever text is sent."""

from __future__ import annotations

import pytest

from incidents.models import Incident, OwnArea, Report
from incidents.permissions import Role
from tests.map_ui.conftest import HERE, send
from tests.map_ui.test_case_pages import browser, officer

pytestmark = pytest.mark.django_db
NUL = "Ổ\0gà"


@pytest.fixture
def desk(town):
    """An administrator's browser; a case whose words nobody approved, a report without a place."""
    send()
    return browser(officer("an", Role.ADMINISTRATOR))


def test_reasons_in_the_operators_queues(desk):
    report, incident = Report.objects.get(), Incident.objects.get()
    for page, form in (
        ("approve", {"report": report.pk, "verdict": "decline", "reason": NUL}),
        ("triage", {"incident": incident.pk, "agency": NUL}),
        ("locate", {"report": report.pk, "verdict": "inquiry", "reason": NUL}),
    ):
        answer = desk.post(f"/console/{page}", form)
        assert "NUL" in answer.context["error"], page
    report.refresh_from_db()
    assert report.declined_at is None


def test_what_the_desk_does_to_many(desk):
    incident = Incident.objects.get()
    form = {"act": "note", "chosen": [f"{incident.pk}:{incident.version}"], "words": NUL}
    answer = desk.post("/desk/act", form)
    assert answer.context["done"] == 0
    assert "NUL" in answer.context["failed"][0]["why"]


def test_an_own_areas_name(desk):
    lon, lat = HERE
    corners = [[lon, lat], [lon + 0.001, lat], [lon, lat + 0.001], [lon, lat]]
    drawn = {"type": "Polygon", "coordinates": [corners]}
    form = {"name": NUL, "drawn": str(drawn).replace("'", '"')}
    answer = desk.post("/desk/areas", form)
    assert answer.status_code == 422
    assert "NUL" in answer.context["error"]
    assert not OwnArea.objects.exists()


@pytest.mark.parametrize("field", ["sector", "category", "agency", "taker", "contractor", "area"])
@pytest.mark.parametrize("page", ["overview", "overview/incidents", "overview/faults"])
def test_the_filters_of_figures(desk, page, field):
    answer = desk.get(f"/{page}", {field: NUL})
    assert answer.status_code == 422
    assert "NUL" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("t/", {"code": NUL}),
        ("me", {"address": NUL}),
        ("alerts", {"address": NUL, "ward": NUL}),
        ("find", {"q": NUL}),
        ("results", {"period": NUL, "by": NUL}),
        ("desk/list", {"q": NUL}),
        ("oversight", {"kind": NUL}),
        ("api/v1/suggest", {"q": NUL}),
        ("login/", {"username": NUL, "password": NUL}),
    ],
)
def test_no_page_stumbles_over_it(desk, address, form):
    for answer in (desk.get(f"/{address}", form), desk.post(f"/{address}", form)):
        assert answer.status_code < 500
